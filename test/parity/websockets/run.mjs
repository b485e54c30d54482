#!/usr/bin/env node
// Runs the scenarios against a server and records or compares what happens. See README.md.

import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { compareAll, readDeviations } from './runner/compare.mjs'
import { recordAll } from './runner/record.mjs'
import { loadScenarios } from './runner/scenarios.mjs'
import { Server } from './runner/server.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const { positionals, values: options } = parseArgs({
  allowPositionals: true,
  options: {
    server: { type: 'string' },
    url: { type: 'string' },
    'http2-url': { type: 'string' },
    only: { type: 'string', default: '*' },
    folder: { type: 'string', default: here },
    sites: { type: 'string', default: join(here, 'sites.json') },
    deviations: { type: 'string' },
    concurrency: { type: 'string', default: '8' },
  },
})
const { folder, only, sites } = options
const target = {
  folder,
  sites,
  command: options.server,
  server: options.url && new Server(portOf(options.url), portOf(options['http2-url'])),
  concurrency: Number(options.concurrency),
}

const commands = { record, compare, list }
const command = commands[positionals[0]]
if (!command || (command !== list && !options.server && !options.url)) {
  console.error(
    'usage: run.mjs record|compare|list [--server COMMAND | --url URL [--http2-url URL]] [--only GLOB] [--folder DIR] [--deviations FILE]',
  )
  process.exit(2)
}
process.exitCode = (await command()) ?? 0

async function record() {
  await recordAll(possibleScenarios(), target)
}

async function compare() {
  const deviations = readDeviations(options.deviations)
  const results = await compareAll(possibleScenarios(), { ...target, deviations })
  for (const { name, outcome, lines } of results) {
    if (outcome !== 'different') continue
    console.log(`differs: ${name}${name in deviations ? ` (deviation: ${deviations[name].reason})` : ''}\n${lines.join('\n')}\n`)
  }
  const count = wanted => results.filter(({ outcome }) => outcome === wanted).length
  console.log(
    `${count('identical')} of ${results.length} identical, ${count('deviating')} deviate on purpose, ${count('different')} differ`,
  )
  return count('different') === 0 ? 0 : 1
}

function list() {
  for (const { name, about } of loadScenarios(join(folder, 'scenarios'), only)) console.log(`${name}\t${about}`)
}

/** With a server that already runs: no scenario that needs a process of its own, and those over HTTP/2 only where it has a port for it. */
function possibleScenarios() {
  const all = loadScenarios(join(folder, 'scenarios'), only)
  if (options.server) return all
  const possible = all.filter(({ process, transport }) => !process && (transport !== 'http2' || options['http2-url'] !== undefined))
  if (possible.length < all.length) console.error(`${all.length - possible.length} scenarios skipped, see --server and --http2-url`)
  return possible
}

function portOf(url) {
  return url && Number(new URL(url).port || 80)
}
