// One scenario from its first step to what both sides have seen.

import { Client } from './client.mjs'
import { Server } from './server.mjs'

/** Runs a scenario against a server that runs already. */
export async function runScenario(scenario, server) {
  const { run, client } = await runClient(scenario, server)
  return { client, server: await server.outcome(run, scenario.requests) }
}

/** Runs a scenario that needs a process of its own, with the settings that it names. */
export async function runInOwnProcess(scenario, command, sites) {
  const { stops, ...settings } = scenario.process
  const server = await Server.start(command, sites, settings)
  try {
    if (!stops) return await runScenario(scenario, server)
    const { run, client } = await runClient(scenario, server)
    return { client, server: await server.printedOutcome(run) }
  } finally {
    await server.stop()
  }
}

async function runClient(scenario, server) {
  const run = crypto.randomUUID()
  const { server: main = [], handlers } = scenario
  await server.announce(run, { main, ...handlers })
  return { run, client: await new Client(scenario, run, server).run() }
}
