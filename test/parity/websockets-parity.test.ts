import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkJustification, type Justification } from './grounds.ts'
import { differences, readRecordings } from './websockets/runner/recordings.mjs'
import { type Recording, runInOwnProcess, runScenario, type Scenario } from './websockets/runner/run-scenario.mjs'
import { loadScenarios } from './websockets/runner/scenarios.mjs'
import { Server } from './websockets/runner/server.mjs'

type Deviation = Justification & Partial<Recording>

const folder = fileURLToPath(new URL('./websockets/', import.meta.url))
const recorded = readRecordings(`${folder}recorded`)
const deviations: Record<string, Deviation> = { ...readDeviations('deviations.json'), ...readDeviationsOfThisNode() }
const scenarios = loadScenarios(`${folder}scenarios`)
const command = `${process.execPath} ${folder}server.mjs`
const sites = `${folder}sites.json`

const shared = scenarios.filter(scenario => !scenario.process && !scenario.alone)
const alone = scenarios.filter(scenario => !scenario.process && scenario.alone)
const ownProcess = scenarios.filter(scenario => scenario.process)

describe('WebSockets beside ASP.NET Core', () => {
  let server: Server

  beforeAll(async () => {
    server = await Server.start(command, sites)
    // The first run of all compiles code on both sides and takes much longer than the others.
    await runScenario(shared[0]!, server)
  })

  afterAll(() => server?.stop())

  describe('scenarios side by side', () => {
    it.concurrent.each(rows(shared))('%s: %s', async (_, _about, scenario) =>
      expectAsRecorded(scenario, await runScenario(scenario, server)),
    )
  })

  describe('scenarios that measure time', () => {
    it.each(rows(alone))('%s: %s', async (_, _about, scenario) => expectAsRecorded(scenario, await runScenario(scenario, server)))
  })

  describe('scenarios with a process of their own', () => {
    it.each(rows(ownProcess))('%s: %s', async (_, _about, scenario) =>
      expectAsRecorded(scenario, await runInOwnProcess(scenario, command, sites)),
    )
  })

  it.each(Object.entries(deviations))('%s still deviates, and says why', (name, deviation) => {
    checkJustification(name, deviation)
    expect(differences(recorded[name]!, { ...recorded[name]!, ...deviation })).not.toEqual([])
  })
})

function readDeviations(file: string): Record<string, Deviation> {
  return JSON.parse(readFileSync(folder + file, 'utf8'))
}

/** What Node's own parser makes different from one version on. */
function readDeviationsOfThisNode(): Record<string, Deviation> {
  return Number.parseInt(process.versions.node, 10) >= 26 ? readDeviations('deviations-node-26.json') : {}
}

function rows(list: readonly Scenario[]): [string, string, Scenario][] {
  return list.map(scenario => [scenario.name, scenario.about, scenario])
}

function expectAsRecorded({ name }: Scenario, actual: Recording): void {
  expect(differences({ ...recorded[name]!, ...deviations[name] }, actual)).toEqual([])
}
