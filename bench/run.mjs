// npm run bench: every work with every stack, in several rounds, and what became of the goals.
import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describeMachine, machine } from './lib/machine.mjs'
import { choose, readOptions } from './lib/options.mjs'
import { benchmarksPage } from './lib/page.mjs'
import { runProfiles } from './lib/profile.mjs'
import { Progress } from './lib/progress.mjs'
import { findings, workTable } from './lib/report.mjs'
import { countSteps, runRounds } from './lib/rounds.mjs'
import { versionOf } from './lib/runtimes.mjs'
import { works as everything } from './works/index.mjs'

const options = readOptions(process.argv.slice(2))
const works = choose(everything, options)
if (options.list) {
  for (const work of works)
    console.log(
      `${work.name}\n  rows: ${work.rows.map(row => row.id).join(' ')}\n  stacks: ${work.stacks.map(stack => stack.id).join(' ')}`,
    )
  process.exit(0)
}
if (works.length === 0) throw new Error('nothing is chosen; --list prints the names')

const runtimes = options.nodes.map(runtimeOf).filter(runtime => runtime !== undefined)
if (options.profile) {
  await runProfiles({ works, runtime: runtimes[0], settings: options.settings })
  process.exit(0)
}

const results = { date: new Date().toISOString().slice(0, 10), settings: options.settings, machine: machine(), runs: [] }
console.log(`${describeMachine(results.machine)}, files that may be open: ${results.machine.openFiles}`)
console.log(`${options.settings.rounds} rounds, ${options.settings.seconds} s each\n`)
for (const { title, reason } of missingStacks()) console.log(`${title} ${reason} and is left out`)

const progress = new Progress(runtimes.length * countSteps(works, options.settings))
for (const runtime of runtimes) {
  const versions = Object.fromEntries([...versionsOfStacks()])
  console.log(`# Node ${runtime.version}: ${[...versionsOfStacks()].map(pair => pair.join(' ')).join(', ')}\n`)
  const finished = (work, found) => {
    progress.clear()
    console.log(`## ${work.title}\n\n${workTable(work, found[work.name], work.rows)}\n\n${findings(work, found[work.name], work.rows)}\n`)
  }
  const found = await runRounds({ works, runtime, settings: options.settings, progress, finished })
  results.runs.push({ node: runtime.version, versions, works: found })
}
console.log(`${progress.seconds} s altogether${progress.failures.length === 0 ? '' : `; failed:\n${progress.failures.join('\n')}`}`)

if (options.json !== undefined) writeFileSync(options.json, serialized(results))
if (options.publish) {
  writeFileSync(file('results.json'), serialized(results))
  writeFileSync(file('../docs/reference/benchmarks.md'), benchmarksPage(results, everything))
}
if (progress.failures.length > 0) process.exitCode = 1

function file(name) {
  return fileURLToPath(new URL(name, import.meta.url))
}

function runtimeOf(name) {
  const nodePath = name === 'machine' ? process.execPath : file(`node_modules/node-${name}/bin/node`)
  if (!existsSync(nodePath)) return void console.log(`Node ${name} is not installed here and is left out`)
  const [version, abi] = JSON.parse(
    execFileSync(nodePath, ['-p', 'JSON.stringify([process.versions.node, process.versions.modules])'], { encoding: 'utf8' }),
  )
  return { nodePath, version, abi }
}

function* versionsOfStacks() {
  const runtimesOfStacks = works
    .flatMap(work => work.stacks.map(stack => stack.runtime))
    .filter(runtime => runtime.missing?.() === undefined)
  const names = new Set(runtimesOfStacks.flatMap(runtime => runtime.packages))
  for (const name of names) yield [name, versionOf(name)]
  const other = runtimesOfStacks.find(runtime => runtime.version !== undefined)
  if (other !== undefined) yield ['Kestrel', other.version()]
}

function missingStacks() {
  const missing = new Map()
  for (const { title, runtime } of works.flatMap(work => work.stacks)) {
    const reason = runtime.missing?.()
    if (reason !== undefined) missing.set(title, { title, reason })
  }
  return [...missing.values()]
}

/** One line for each list of samples, so that a difference can be read. */
function serialized(value) {
  return `${JSON.stringify(value, null, 2).replace(/\[\s+(-?[\d.e+-]+,?\s+)+\]/g, list => list.replace(/\s+/g, ' ').replace('[ ', '[').replace(' ]', ']'))}\n`
}
