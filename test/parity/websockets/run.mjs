#!/usr/bin/env node
// Runs the scenarios against a server and records or compares what happens. See README.md.

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { differences, readRecordings, writeRecordings } from './runner/recordings.mjs'
import { runInOwnProcess, runScenario } from './runner/run-scenario.mjs'
import { loadScenarios } from './runner/scenarios.mjs'
import { Server } from './runner/server.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const { positionals, values: options } = parseArgs({
  allowPositionals: true,
  options: {
    server: { type: 'string' },
    url: { type: 'string' },
    'http2-url': { type: 'string' },
    'without-http2': { type: 'boolean', default: false },
    only: { type: 'string', default: '*' },
    folder: { type: 'string', default: here },
    sites: { type: 'string', default: join(here, 'sites.json') },
    deviations: { type: 'string' },
    concurrency: { type: 'string', default: '8' },
  },
})

const commands = { record, compare, list }
const command = commands[positionals[0]]
if (!command || (command !== list && !options.server && !options.url)) {
  console.error(
    'usage: run.mjs record|compare|list [--server COMMAND | --url URL [--http2-url URL]] [--only GLOB] [--folder DIR] [--deviations FILE]',
  )
  process.exit(2)
}
process.exitCode = await command()

async function record() {
  const folder = join(options.folder, 'recorded')
  const results = { ...(existsSync(folder) ? readRecordings(folder) : {}), ...(await runAll()) }
  const all = loadScenarios(join(options.folder, 'scenarios'))
  for (const topic of new Set(all.map(scenario => scenario.topic))) {
    const names = all.filter(scenario => scenario.topic === topic).map(scenario => scenario.name)
    writeRecordings(folder, topic, results, names)
  }
  return 0
}

async function compare() {
  const recorded = readRecordings(join(options.folder, 'recorded'))
  const deviations = options.deviations ? JSON.parse(readFileSync(options.deviations, 'utf8')) : {}
  const results = await runAll()
  let identical = 0
  for (const [name, actual] of Object.entries(results)) {
    if (!recorded[name]) {
      console.log(`not recorded: ${name}\n`)
      continue
    }
    const lines = differences({ ...recorded[name], ...deviations[name] }, actual, deviations['*']?.leaveOut)
    if (lines.length === 0) identical++
    else console.log(`differs: ${name}${name in deviations ? ` (deviation: ${deviations[name].reason})` : ''}\n${lines.join('\n')}\n`)
  }
  const total = Object.keys(results).length
  console.log(`${identical} of ${total} identical`)
  return identical === total ? 0 : 1
}

function list() {
  for (const { name, about } of loadScenarios(join(options.folder, 'scenarios'), options.only)) console.log(`${name}\t${about}`)
  return 0
}

/** Name to recording, in the order of the scenarios. */
async function runAll() {
  const all = loadScenarios(join(options.folder, 'scenarios'), options.only)
  const scenarios = all.filter(isPossible)
  if (scenarios.length < all.length) console.error(`${all.length - scenarios.length} scenarios skipped, see --server and --http2-url`)

  const results = {}
  const shared = scenarios.filter(scenario => !scenario.process)
  const server = options.server
    ? await Server.start(options.server, options.sites)
    : new Server(portOf(options.url), portOf(options['http2-url']))
  try {
    const runOne = async scenario => (results[scenario.name] = await runScenario(scenario, server))
    // The first run of all compiles code on both sides and takes much longer than the others.
    for (const scenario of shared.slice(0, 1)) await runScenario(scenario, server)
    await pool(
      shared.filter(scenario => !scenario.alone),
      Number(options.concurrency),
      runOne,
    )
    await pool(
      shared.filter(scenario => scenario.alone),
      1,
      runOne,
    )
  } finally {
    await server.stop()
  }
  await pool(
    scenarios.filter(scenario => scenario.process),
    2,
    async scenario => {
      results[scenario.name] = await runInOwnProcess(scenario, options.server, options.sites)
    },
  )
  return Object.fromEntries(scenarios.filter(({ name }) => name in results).map(({ name }) => [name, results[name]]))
}

/** Some scenarios need a process of their own, some a port for HTTP/2 without TLS. */
function isPossible({ process, transport }) {
  if (transport === 'http2' && options['without-http2']) return false
  if (options.server) return true
  return !process && (transport !== 'http2' || options['http2-url'] !== undefined)
}

function portOf(url) {
  return url && Number(new URL(url).port || 80)
}

async function pool(items, size, work) {
  const queue = [...items]
  await Promise.all(
    Array.from({ length: size }, async () => {
      while (queue.length > 0) await work(queue.shift())
    }),
  )
}
