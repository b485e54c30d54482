import { Ground } from '../grounds.ts'
import { type ComparedCase, type ComparedPart, casesOf, isDifference, isUnsupported } from './compared-part.ts'
import { byReason, caseDiff, caseId, diffOf, escapeHtml, isSame, numberOf, partFile } from './compared-text.ts'
import { translations } from './translations.ts'

const grounds: readonly (readonly [Ground, title: string, about: string])[] = [
  [Ground.Safer, 'Safer', 'Where what ASP.NET Core does can be abused, or lets one peer hold up the others.'],
  [Ground.Truer, 'Truer to the standard', 'Where ASP.NET Core and an RFC part, we follow the RFC.'],
  [Ground.Clearer, 'Less surprising', 'Where what was recorded hangs, loses something, hides an error, or is not what its name says.'],
  [Ground.Design, 'The same in another form', 'Where neither is better, and we had to choose.'],
  [Ground.Platform, 'Because it is JavaScript, on Node', 'Where the language or the platform decides.'],
]

/** How long a diff may be to stand on the page as an example. */
const exampleLines = 14

/** The page that tells an ASP.NET Core developer what is the same, what differs and why, and what is not there. */
export function parityPage(parts: readonly ComparedPart[]): string {
  const all = parts.flatMap(casesOf)
  const same = all.filter(isSame).length
  return `# Parity with ASP.NET Core

You know ASP.NET Core, and you want to know what you can rely on here. We asked the real thing: a C# program ran ${numberOf(all.length)} small cases on ASP.NET Core 10 and wrote down what happened, on the wire and in the
application. The tests of Windhover run the same cases. **${numberOf(same)} come out identical**; each of the others is listed below with its reason, and tested for what Windhover does instead.

${summary(parts)}

Identical means: the same status, headers, framing and body, or the same WebSocket frames; and in the application the same calls in the same order, the same class of error, the same level and number of a log entry, the
same exit code. Not compared are \`Date\`, \`Server\`, the order of headers and the wording of errors. Where a name differs, [this table](#what-counts-as-the-same) translates.

## What is the same

${parts.map(sameSection).join('\n')}

## What is different, and why

Five grounds justify a difference, and nothing else does. Under each stand its reasons, the most frequent first; a link shows the cases as a diff, ASP.NET Core with minus, Windhover with plus.

${grounds.map(ground => groundSection(parts, ...ground)).join('\n\n')}

## What is not there

${missing(parts)}

Nobody has recorded, and so nobody compares: HTTPS, the markup of directory listings, hosting startup assemblies, reloading of configuration, user secrets, session and trailers. Routing, controllers and everything
above them do not exist in Windhover: a request goes through the pipeline, and \`map\` branches it.

## What counts as the same

${translations}
`
}

function summary(parts: readonly ComparedPart[]): string {
  const row = (title: string, cases: readonly ComparedCase[]): string => {
    const differing = cases.filter(({ difference }) => isDifference(difference)).length
    const unsupported = cases.filter(({ difference }) => isUnsupported(difference)).length
    const numbers = [cases.length, cases.filter(isSame).length, differing, unsupported].map(numberOf)
    return `| ${[title, ...numbers].join(' | ')} |`
  }
  const rows = parts.map(part => row(`[${part.title}](${partFile(part)})`, casesOf(part)))
  return `| | cases | identical | different on purpose | not there |
|---|--:|--:|--:|--:|
${rows.join('\n')}
${row('**All**', parts.flatMap(casesOf))}`
}

function sameSection(part: ComparedPart): string {
  const cases = casesOf(part)
  const same = cases.filter(isSame).length
  const share = same === cases.length ? `all ${numberOf(same)}` : `${numberOf(same)} of ${numberOf(cases.length)}`
  return `- **${part.title}** (${share}, [file by file](${partFile(part)})). ${part.about.replaceAll('\n', ' ')}`
}

function groundSection(parts: readonly ComparedPart[], ground: Ground, title: string, about: string): string {
  const found = parts.map(part => [part, casesOf(part).filter(row => isOf(row, ground))] as const).filter(([, cases]) => cases.length > 0)
  const all = found.flatMap(([, cases]) => cases)
  const lists = found.map(([part, cases]) => `**${part.title}**\n\n${reasonsOf(part, cases)}`)
  return [`### ${title}`, `${about} ${casesText(all.length)}.`, ...example(all), ...lists].join('\n\n')
}

function isOf({ difference }: ComparedCase, ground: Ground): boolean {
  return isDifference(difference) && difference.because === ground
}

function reasonsOf(part: ComparedPart, cases: readonly ComparedCase[]): string {
  return [...byReason(cases)]
    .sort(([, left], [, right]) => right.length - left.length)
    .map(([reason, rows]) => `- ${escapeHtml(reason)} [${casesText(rows.length)}](${partFile(part)}#${caseId(rows[0]!)})`)
    .join('\n')
}

/** One case in full, so that the reader sees what the links lead to: the shortest of the most frequent reason that has a short one. */
function example(cases: readonly ComparedCase[]): string[] {
  const groups = [...byReason(cases).values()].sort((left, right) => right.length - left.length)
  for (const rows of groups) {
    const [shortest] = [...rows].sort((left, right) => diffOf(left).length - diffOf(right).length)
    if (diffOf(shortest!).length <= exampleLines) return [`For example, ${caseDiff(shortest!, '../..')}`]
  }
  return []
}

function missing(parts: readonly ComparedPart[]): string {
  const unsupported = parts.flatMap(casesOf).filter(({ difference }) => isUnsupported(difference))
  if (unsupported.length === 0) return 'Every recorded case has its counterpart.'
  const reasons = [...byReason(unsupported)].map(([reason, rows]) => `- ${escapeHtml(reason)} ${casesText(rows.length)}.`)
  return `${casesText(unsupported.length)} cannot be run yet:\n\n${reasons.join('\n')}`
}

function casesText(length: number): string {
  return length === 1 ? '1 case' : `${numberOf(length)} cases`
}
