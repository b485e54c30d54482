import { median, ratio } from './statistics.mjs'

/**
 * What became of the goals of a work: for each its text, whether it is reached (undefined: not measured, or only stated), and its checks with the
 * quotient, its least and most over the rounds, and by which part it falls short.
 */
export function judge(work, rows) {
  return work.goals.map(({ text, checks }) => {
    const judged = checks.map(check => judgeCheck(work, rows, check)).filter(check => check !== undefined)
    const decided = judged.filter(check => check.isReached !== undefined)
    return { text, checks: judged, isReached: decided.length === 0 ? undefined : decided.every(check => check.isReached) }
  })
}

function judgeCheck(work, rows, { top, bottom, atLeast, atMost, metric = work.judged }) {
  const above = samples(rows, top, metric)
  const below = bottom === undefined ? above?.map(() => 1) : samples(rows, bottom, metric)
  if (above === undefined || below === undefined) return undefined
  const quotient = median(below) === 0 ? { median: 0, least: 0, most: 0 } : ratio(above, below)
  const goal = atLeast ?? atMost
  const short = goal === undefined ? undefined : atLeast !== undefined ? 1 - quotient.median / atLeast : quotient.median / atMost - 1
  return { top, bottom, atLeast, atMost, metric, ...quotient, short, isReached: short === undefined ? undefined : short <= 0 }
}

function samples(rows, [row, stack], metric) {
  return rows[row]?.[stack]?.[metric]
}
