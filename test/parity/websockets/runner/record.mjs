// What a server does, written down in `recorded/`.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readRecordings, writeRecordings } from './recordings.mjs'
import { runAll } from './run-all.mjs'
import { loadScenarios } from './scenarios.mjs'

/** Runs the scenarios and writes the files of their topics; other scenarios keep their recording. */
export async function recordAll(scenarios, { folder, ...target }) {
  const recorded = join(folder, 'recorded')
  const results = { ...(existsSync(recorded) ? readRecordings(recorded) : {}), ...(await runAll(scenarios, target)) }
  const all = loadScenarios(join(folder, 'scenarios'))
  for (const topic of new Set(scenarios.map(scenario => scenario.topic))) {
    const names = all.filter(scenario => scenario.topic === topic).map(({ name }) => name)
    writeRecordings(recorded, topic, results, names)
    console.log(`websockets/${topic}: ${names.length}`)
  }
}
