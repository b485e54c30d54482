import { type ComparedCase, type ComparedPart, casesOf, isDifference } from './compared-part.ts'
import { byReason, caseDiff, caseId, escapeHtml, isSame, numberOf } from './compared-text.ts'

/** From the page to the root of the project. */
const root = '../../..'
/** As many cases of a reason stand open; the others are folded. */
const openCases = 2

/** The page of one part: its files with their numbers, and every difference as a diff, by reason. */
export function partPage(part: ComparedPart): string {
  const cases = casesOf(part)
  const same = cases.filter(isSame).length
  const reasons = byReason(cases.filter(({ difference }) => isDifference(difference)))
  return `# Parity with ASP.NET Core: ${part.title}

${part.about.replaceAll('\n', ' ')}

${numberOf(same)} of ${numberOf(cases.length)} recorded cases come out identical. [All parts](../parity.md).

| file | about | identical |
|---|---|--:|
${part.topics.map(({ name, about, cases: rows }) => `| [\`${name}\`](${root}/${rows[0]!.file}) | ${about} | ${share(rows)} |`).join('\n')}

## What is different

The minus lines are ASP.NET Core, the plus lines are Windhover.

${reasons.size === 0 ? 'Nothing.' : [...reasons].map(reasonSection).join('\n\n')}
`
}

function share(cases: readonly ComparedCase[]): string {
  const same = cases.filter(isSame).length
  return same === cases.length ? `all ${same}` : `${same} of ${cases.length}`
}

function reasonSection([reason, cases]: readonly [string, readonly ComparedCase[]]): string {
  const first = cases.slice(0, openCases).map(row => caseDiff(row, root))
  const others = cases.slice(openCases).map(row => caseDiff(row, root))
  const folded = others.length === 0 ? [] : [`<details><summary>${others.length} more</summary>\n\n${others.join('\n\n')}\n\n</details>`]
  return [`<a id="${caseId(cases[0]!)}"></a>\n**${escapeHtml(reason)}**`, ...first, ...folded].join('\n\n')
}
