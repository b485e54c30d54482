// Many scenarios against one server: side by side where they may, alone where they measure time.

import { runInOwnProcess, runScenario } from './run-scenario.mjs'
import { Server } from './server.mjs'

/**
 * Runs scenarios against a server that `command` starts, or against a `server` that runs already. Returns the recordings by name,
 * in the order of the scenarios.
 */
export async function runAll(scenarios, { command, sites, server, concurrency = 8 }) {
  const results = {}
  const shared = scenarios.filter(scenario => !scenario.process)
  const own = scenarios.filter(scenario => scenario.process)
  if (shared.length > 0) await runShared(shared, server ?? (await Server.start(command, sites)), concurrency, results)
  await pool(own, 2, async scenario => {
    results[scenario.name] = await runInOwnProcess(scenario, command, sites)
  })
  return Object.fromEntries(scenarios.map(({ name }) => [name, results[name]]))
}

async function runShared(scenarios, server, concurrency, results) {
  const runOne = async scenario => {
    results[scenario.name] = await runScenario(scenario, server)
  }
  const sideBySide = scenarios.filter(scenario => !scenario.alone)
  const alone = scenarios.filter(scenario => scenario.alone)
  try {
    // The first run of all compiles code on both sides and takes much longer than the others.
    await runScenario(scenarios[0], server)
    await pool(sideBySide, concurrency, runOne)
    await pool(alone, 1, runOne)
  } finally {
    await server.stop()
  }
}

async function pool(items, size, work) {
  const queue = [...items]
  await Promise.all(
    Array.from({ length: size }, async () => {
      while (queue.length > 0) await work(queue.shift())
    }),
  )
}
