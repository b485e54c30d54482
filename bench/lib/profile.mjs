// Where the time goes: a profile of the server process for each chosen row and stack of Node.
import { mkdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { groupRows, runSession } from './session.mjs'

const folder = fileURLToPath(new URL('../profiles', import.meta.url))

export async function runProfiles({ works, runtime, settings }) {
  mkdirSync(folder, { recursive: true })
  for (const work of works) {
    for (const stack of work.stacks.filter(({ runtime }) => runtime.isProfiled)) {
      for (const row of groupRows(stack, work.rows).flat()) {
        const profile = `${folder}/${work.name}-${row.id}-${stack.id}.cpuprofile`
        let result
        const measured = (_row, sample) => {
          result = sample
        }
        await runSession({ work, stack, rows: [row], runtime, settings, measured, profile })
        console.log(`\n${work.name}/${row.id} ${stack.id}: ${JSON.stringify(result)}\n${profile}`)
        for (const { self, where } of selfTimes(profile, 25)) console.log(`${(self * 100).toFixed(1).padStart(6)}%  ${where}`)
      }
    }
  }
}

/** The functions in which most of the busy time was spent, those that they call not counted. */
function selfTimes(path, count) {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(path, 'utf8'))
  const functions = new Map(nodes.map(node => [node.id, place(node.callFrame)]))
  const times = new Map()
  let total = 0
  for (const [i, id] of samples.entries()) {
    const where = functions.get(id)
    if (where === '(idle)') continue
    times.set(where, (times.get(where) ?? 0) + timeDeltas[i])
    total += timeDeltas[i]
  }
  return [...times]
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([where, time]) => ({ where, self: time / total }))
}

function place({ functionName, url, lineNumber }) {
  const name = functionName === '' ? '(anonymous)' : functionName
  return url === '' ? name : `${name}  ${url.replace(/^.*\/(packages|node_modules|servers)\//, '$1/')}:${lineNumber + 1}`
}
