// The tables, from results alone: the same text for the terminal and for docs/reference/benchmarks.md.
import { judge } from './goals.mjs'
import { metrics } from './metrics.mjs'
import { median, ratio, spread } from './statistics.mjs'

/** One work: a line for each row and stack. */
export function workTable(work, rows, titles) {
  const columns = work.columns.map(metric => metrics[metric].title(work.unit))
  const base = titleOf(work, work.base)
  const lines = [
    `| | stack | ${columns.join(' | ')} | ${metrics[work.judged].word} / ${base} | spread |`,
    `|---|---|${'---:|'.repeat(columns.length + 2)}`,
  ]
  for (const row of titles) {
    for (const stack of work.stacks) {
      const samples = rows[row.id]?.[stack.id]
      if (samples !== undefined) lines.push(tableLine(work, row, stack, samples, rows[row.id][work.base]))
    }
  }
  return lines.join('\n')
}

function tableLine(work, row, stack, samples, baseSamples) {
  const metric = row.judged ?? work.judged
  const cells = work.columns.map(column => (samples[column] === undefined ? '' : metrics[column].write(median(samples[column]))))
  const isCompared = samples[metric] !== undefined && baseSamples?.[metric] !== undefined
  const quotient = isCompared ? between(ratio(samples[metric], baseSamples[metric])) : ''
  const scatter = samples[metric] === undefined ? '' : `${Math.round(spread(samples[metric]) * 100)}%`
  return `| ${row.title} | ${stack.title} | ${cells.join(' | ')} | ${quotient} | ${scatter} |`
}

const between = ({ median: middle, least, most }) => (least === most ? times(middle) : `${times(middle)} (${times(least)}-${times(most)})`)
const times = value => (value >= 9.95 ? value.toFixed(1) : value.toFixed(2))

/** The goals of a work, each in one line: reached or not, and by how much. */
function goalLines(work, rows, titles) {
  return judge(work, rows).map(({ text, checks, isReached }) => {
    const named = check => describe(work, titles, check, new Set(checks.map(({ bottom }) => bottom?.join())).size > titles.length)
    if (checks.length === 0) return `- not measured: ${text}`
    if (isReached === undefined) return `- stated: ${text}: ${checks.map(named).join('; ')}`
    const missed = checks.filter(check => check.isReached === false)
    if (missed.length === 0) return `- **reached**: ${text} (${range(checks)})`
    const count = checks.length === 1 ? '' : ` in ${missed.length} of ${checks.length}`
    return `- **missed**${count}: ${text}: ${missed.map(check => `${named(check)}, ${distance(check)}`).join('; ')}`
  })
}

/** What a work says below its table: its goals, and what else follows from the numbers. */
export function findings(work, rows, titles) {
  return [...goalLines(work, rows, titles), ...(work.notes?.(rows) ?? []).map(note => `- ${note}`)].join('\n')
}

/** How many goals are reached, for the head of the page. */
export function countGoals(works, found) {
  const decided = works.flatMap(work => judge(work, found[work.name] ?? {})).filter(({ isReached }) => isReached !== undefined)
  return { all: decided.length, reached: decided.filter(({ isReached }) => isReached).length }
}

function distance({ short, atLeast }) {
  const percent = `${Math.max(1, Math.round(short * 100))}%`
  return atLeast === undefined ? `${percent} too much` : `${percent} short`
}

function range(checks) {
  const values = checks.map(check => check.median)
  const [least, most] = [times(Math.min(...values)), times(Math.max(...values))]
  return least === most ? least : `${least} to ${most}`
}

function describe(work, titles, { top, bottom, median: value }, needsBottom) {
  const row = id => titles.find(title => title.id === id)?.title ?? id
  const against = bottom !== undefined && (needsBottom || bottom[0] !== top[0])
  const other = against ? ` / ${bottom[0] === top[0] ? titleOf(work, bottom[1]) : row(bottom[0])}` : ''
  return `${titleOf(work, top[1])}, ${row(top[0])}${other} ${times(value)}`
}

function titleOf(work, id) {
  return (work.stacks.find(stack => stack.id === id)?.title ?? id).replaceAll('**', '')
}
