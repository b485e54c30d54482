// Recordings held against a server: a deviation, which says what it does instead and why, takes the place of a recording.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { differences, readRecordings } from './recordings.mjs'
import { runAll } from './run-all.mjs'

/** The deviations by the name of their scenario; none without a file. */
export function readDeviations(file) {
  return file === undefined ? {} : JSON.parse(readFileSync(file, 'utf8'))
}

/** Runs the scenarios and returns for each its name, its outcome (`identical`, `deviating` or `different`) and the lines of its difference. */
export async function compareAll(scenarios, { folder, deviations, ...target }) {
  const recorded = readRecordings(join(folder, 'recorded'))
  const results = await runAll(scenarios, target)
  return scenarios.map(({ name }) => {
    const lines = recorded[name] ? differences({ ...recorded[name], ...deviations[name] }, results[name]) : ['  not recorded']
    if (lines.length > 0) return { name, outcome: 'different', lines }
    return { name, outcome: name in deviations ? 'deviating' : 'identical', lines }
  })
}
