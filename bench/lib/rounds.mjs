import { groupRows, runSession } from './session.mjs'

/**
 * Runs every work: in each round every stack in turn, every second round in the opposite order. Answers samples by work, row, stack and metric, each a
 * list with one number per round.
 */
export async function runRounds({ works, runtime, settings, progress, finished }) {
  const results = {}
  for (const work of works) {
    const rows = {}
    for (let round = 0; round < roundsOf(work, settings); round++) {
      const stacks = work.stacks.filter(stack => stack.runtime.missing?.() === undefined)
      for (const stack of round % 2 ? stacks.toReversed() : stacks) {
        for (const group of groupRows(stack, work.rows)) {
          const measured = (row, sample) => {
            add(rows, row, stack, sample)
            progress.step(`${work.name}/${row.id} ${stack.id}, round ${round + 1}`)
          }
          progress.begin(`${work.name}/${group[0].id} ${stack.id}, round ${round + 1}`)
          try {
            await runSession({ work, stack, rows: group, runtime, settings, measured })
          } catch (error) {
            progress.failed(`${work.name} ${stack.id}: ${error.message}`)
          }
        }
      }
    }
    results[work.name] = rows
    finished(work, results)
  }
  return results
}

function add(rows, row, stack, sample) {
  rows[row.id] ??= {}
  rows[row.id][stack.id] ??= {}
  const samples = rows[row.id][stack.id]
  for (const [metric, value] of Object.entries(sample)) samples[metric] = [...(samples[metric] ?? []), value]
}

function roundsOf({ isAboutMemory, isShort }, { quick, rounds, memoryRounds }) {
  if (isAboutMemory) return memoryRounds
  return isShort && !quick ? rounds * 3 : rounds
}

/** How many measurements a run has. */
export function countSteps(works, settings) {
  let steps = 0
  for (const work of works) {
    for (const stack of work.stacks) {
      if (stack.runtime.missing?.() !== undefined) continue
      steps += groupRows(stack, work.rows).flat().length * roundsOf(work, settings)
    }
  }
  return steps
}
