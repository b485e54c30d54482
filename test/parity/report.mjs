#!/usr/bin/env node
// Holds Windhover against everything that was recorded from ASP.NET Core, prints every difference that is not listed, and counts.
// `npm run parity [-- --part hosting/tables/path] [--brief]`; `--brief` prints only the names. Exit code 1 when there is such a difference.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { compareCases, describeDifferences } from './dist/hosting/runner/compare.js'
import { compareAll, readDeviations } from './websockets/runner/compare.mjs'
import { loadScenarios } from './websockets/runner/scenarios.mjs'

const { values: options } = parseArgs({ options: { part: { type: 'string', default: '' }, brief: { type: 'boolean', default: false } } })
const here = fileURLToPath(new URL('.', import.meta.url))
const outcomes = ['identical', 'deviating', 'unsupported', 'different']
/** From the name of a part to how many of its cases had which outcome. */
const counts = new Map()

if (concerns('hosting')) await compareHosting()
if (concerns('websockets')) await compareWebSockets()
console.log(`\n${table()}`)
process.exitCode = [...counts.values()].some(count => count.different > 0) ? 1 : 0

async function compareHosting() {
  const folder = join(here, 'hosting')
  const command = [process.execPath, join(folder, 'adapter.mjs')]
  for await (const compared of compareCases({ folder, command, part: below('hosting') })) {
    const [part] = compared.name.split('/', 1)
    add(`hosting/${part}`, compared.outcome)
    if (compared.outcome === 'different') print(`hosting/${compared.name}`, compared.row.about, describeDifferences(compared))
  }
}

async function compareWebSockets() {
  const folder = join(here, 'websockets')
  const scenarios = loadScenarios(join(folder, 'scenarios'), `${below('websockets')}*`)
  const deviations = readDeviations(join(folder, 'deviations.json'))
  const command = `${process.execPath} ${join(folder, 'server.mjs')}`
  const results = await compareAll(scenarios, { folder, deviations, command, sites: join(folder, 'sites.json') })
  for (const [i, { name, outcome, lines }] of results.entries()) {
    add('websockets', outcome)
    if (outcome === 'different') print(`websockets/${name}`, scenarios[i].about, lines)
  }
}

function concerns(comparison) {
  return options.part.startsWith(comparison) || comparison.startsWith(options.part)
}

/** The rest of `--part` within a comparison. */
function below(comparison) {
  return options.part.slice(comparison.length + 1)
}

function add(part, outcome) {
  const count = counts.get(part) ?? Object.fromEntries(outcomes.map(name => [name, 0]))
  count[outcome]++
  counts.set(part, count)
}

function print(name, about, lines) {
  console.log(`\n${name}${about === undefined ? '' : `  ${about}`}`)
  if (!options.brief) console.log(lines.join('\n'))
}

function table() {
  const total = Object.fromEntries(outcomes.map(name => [name, [...counts.values()].reduce((sum, count) => sum + count[name], 0)]))
  const rows = [...counts, ['all', total]].map(([part, count]) => [part, sumOf(count), ...outcomes.map(name => count[name])])
  const heads = ['part', 'cases', 'identical', 'deviating', 'not supported', 'unexplained']
  return [heads, ...rows].map(cells => cells.map((cell, i) => (i === 0 ? cell.padEnd(20) : String(cell).padStart(14))).join('')).join('\n')
}

function sumOf(count) {
  return outcomes.reduce((sum, name) => sum + count[name], 0)
}
