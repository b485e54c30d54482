import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { differences, readRecordings } from './websockets/runner/recordings.mjs'
import { type Recording, runInOwnProcess, runScenario, type Scenario } from './websockets/runner/run-scenario.mjs'
import { loadScenarios } from './websockets/runner/scenarios.mjs'
import { Server } from './websockets/runner/server.mjs'

interface Deviation extends Partial<Recording> {
  readonly reason: string
}

const folder = fileURLToPath(new URL('./websockets/', import.meta.url))
const recorded = readRecordings(`${folder}recorded`)
const deviations: Record<string, Deviation> = JSON.parse(readFileSync(`${folder}deviations.json`, 'utf8'))
const scenarios = loadScenarios(`${folder}scenarios`)
const command = `${process.execPath} ${folder}server.mjs`
const sites = `${folder}sites.json`

const overHttp1 = scenarios.filter(scenario => scenario.transport !== 'http2')
const shared = overHttp1.filter(scenario => !scenario.process && !scenario.alone)
const alone = overHttp1.filter(scenario => !scenario.process && scenario.alone)
const ownProcess = overHttp1.filter(scenario => scenario.process)

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

  describe('scenarios that wait for a server with HTTP/2', () => {
    for (const { name, about } of scenarios) if (!overHttp1.some(scenario => scenario.name === name)) it.todo(`${name}: ${about}`)
  })

  it.each(Object.entries(deviations))('%s still deviates, and says why', (name, { reason, ...expected }) => {
    expect(reason).toMatch(/\w.*\.$/)
    expect(differences(recorded[name]!, { ...recorded[name]!, ...expected })).not.toEqual([])
  })
})

function rows(list: readonly Scenario[]): [string, string, Scenario][] {
  return list.map(scenario => [scenario.name, scenario.about, scenario])
}

function expectAsRecorded({ name }: Scenario, actual: Recording): void {
  const { reason: _, ...ours } = deviations[name] ?? { reason: '' }
  expect(differences({ ...recorded[name]!, ...ours }, actual)).toEqual([])
}
