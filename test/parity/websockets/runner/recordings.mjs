// Recordings: one file per topic, one event per line, so that a change reads well in a diff.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export function readRecordings(folder) {
  const files = readdirSync(folder).filter(file => file.endsWith('.json'))
  return Object.assign({}, ...files.map(file => JSON.parse(readFileSync(join(folder, file), 'utf8'))))
}

/** Adds `results` (name to recording) of a topic to its file; scenarios that were not run keep their recording. */
export function writeRecordings(folder, topic, results, names) {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${topic}.json`)
  const kept = names.filter(name => name in results)
  writeFileSync(file, `{\n${kept.map(name => `  ${JSON.stringify(name)}: ${format(results[name])}`).join(',\n')}\n}\n`)
}

function format({ client, server }) {
  return `{\n    "client": ${formatEvents(client, '    ')},\n    "server": ${formatRequests(server)}\n  }`
}

function formatRequests(requests) {
  return requests.length === 0 ? '[]' : `[${requests.map(entries => formatEvents(entries, '    ')).join(', ')}]`
}

function formatEvents(events, indent) {
  if (!Array.isArray(events)) {
    const parts = Object.entries(events).map(([name, list]) => `${JSON.stringify(name)}: ${formatEvents(list, indent)}`)
    return `{ ${parts.join(', ')} }`
  }
  return events.length === 0 ? '[]' : `[\n${events.map(event => `${indent}  ${JSON.stringify(event)}`).join(',\n')}\n${indent}]`
}

/** Lines of a readable difference, or an empty list. Notes are not compared. */
export function differences(expected, actual) {
  return diffLines(toLines(expected), toLines(actual))
}

function toLines({ client, server }) {
  const sections = Array.isArray(client) ? { client } : prefix('client ', client)
  Object.assign(sections, prefix('request ', Object.fromEntries(server.map((entries, i) => [i + 1, entries]))))
  return Object.entries(sections).flatMap(([title, entries]) => [
    `${title}:`,
    ...entries
      .map(comparable)
      .filter(entry => Object.keys(entry).length > 0)
      .map(entry => `  ${JSON.stringify(entry)}`),
  ])
}

function prefix(text, object) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [text + key, value]))
}

/** Without notes, and with sorted keys, because another server may write them in another order. */
function comparable(value) {
  if (Array.isArray(value)) return value.map(comparable)
  if (value === null || typeof value !== 'object') return value
  const keys = Object.keys(value)
    .filter(key => key !== 'note')
    .sort()
  return Object.fromEntries(keys.map(key => [key, comparable(value[key])]))
}

/** Longest common subsequence; the lists are short. */
function diffLines(a, b) {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i][j] = a[i] === b[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1])
    }
  }
  if (lengths[0][0] === a.length && a.length === b.length) return []
  const lines = []
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(`    ${a[i++]}`)
      j++
    } else if (j >= b.length || (i < a.length && lengths[i + 1][j] >= lengths[i][j + 1])) lines.push(`  - ${a[i++]}`)
    else lines.push(`  + ${b[j++]}`)
  }
  return lines
}
