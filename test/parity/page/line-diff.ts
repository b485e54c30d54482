/** How many unchanged lines around a change are shown. */
const context = 2

type Line = readonly [mark: ' ' | '-' | '+', text: string]

/** The lines of a diff: those that went away begin with `- `, new ones with `+ `; `...` stands for what did not change. */
export function lineDiff(before: readonly string[], after: readonly string[]): string[] {
  const lines = compared(before, after)
  const isShown = lines.map((_, at) => lines.slice(Math.max(0, at - context), at + context + 1).some(([mark]) => mark !== ' '))
  return lines.flatMap(([mark, text], at) => {
    if (isShown[at]) return [`${mark} ${text}`]
    return at === 0 || isShown[at - 1] ? ['  ...'] : []
  })
}

/** By the longest common subsequence; the lists are short. */
function compared(before: readonly string[], after: readonly string[]): Line[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0))
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i]![j] = before[i] === after[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!)
    }
  }
  const lines: Line[] = []
  let [i, j] = [0, 0]
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push([' ', before[i++]!])
      j++
    } else if (j === after.length || (i < before.length && lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) lines.push(['-', before[i++]!])
    else lines.push(['+', after[j++]!])
  }
  return lines
}
