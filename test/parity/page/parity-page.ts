import { Ground } from '../grounds.ts'
import { type ComparedCase, type ComparedPart, casesOf, type Difference, isDifference, isUnsupported } from './compared-part.ts'

/** From the page to the root of the project. */
const root = '../..'

const grounds: readonly (readonly [Ground, title: string, about: string])[] = [
  [Ground.Safer, 'Safer', 'What could be abused, or lets one peer hold up others.'],
  [Ground.Truer, 'Truer to the RFC', 'Where ASP.NET Core and the specification part, we follow the specification.'],
  [Ground.Clearer, 'Less surprising', 'Where the recorded behaviour hangs, hides an error, or is not what its name says.'],
  [Ground.Design, 'The same in another form', 'Choices of form, where neither is better.'],
  [Ground.Platform, 'Because it is JavaScript, on Node', 'What the language or the platform decides.'],
]

/** The page that tells an ASP.NET Core developer what is the same, what differs and why, and what is not there. */
export function parityPage(parts: readonly ComparedPart[]): string {
  const all = parts.flatMap(casesOf)
  const same = all.filter(isSame).length
  return `# Parity with ASP.NET Core

${count(all.length)} behaviours of ASP.NET Core 10 were recorded from the real thing, by a C# program that ran on it. \`npm test\` holds Windhover against every one of them: **${count(same)} are identical**.
Each of the others is listed below with its reason and with what Windhover does instead, which is tested just the same.

${summary(parts)}

Identical means: the same status, headers, framing and body on the wire, the same frames, and the same list of what happened on the way: the order of calls, the class of an error, the level and number of a log
entry, the exit code of a process. \`Date\`, \`Server\` and the order of headers are left aside, and the texts of errors are ours. [What counts as the same](#what-counts-as-the-same) tells where names differ;
[test/parity](${root}/test/parity/README.md) shows how it works.

## What is the same

${parts.map(topicFold).join('\n\n')}

## What is different, and why

The minus lines are ASP.NET Core, the plus lines are Windhover.

${grounds.map(ground => groundSection(parts, ...ground)).join('\n\n')}

## What is not there

${missing(all)}

What nobody has recorded is not compared: HTTPS, directory listing beyond its headers, hosting startup assemblies, reloading of configuration, user secrets, session, trailers, and routing, for which Windhover has no counterpart.

## What counts as the same

${translations}
`
}

function summary(parts: readonly ComparedPart[]): string {
  const row = (title: string, cases: readonly ComparedCase[]): string => {
    const differing = cases.filter(({ difference }) => isDifference(difference)).length
    const unsupported = cases.filter(({ difference }) => isUnsupported(difference)).length
    const numbers = [cases.length, cases.filter(isSame).length, differing, unsupported].map(count)
    return `| ${[title, ...numbers].join(' | ')} |`
  }
  const rows = parts.map(part => row(`[${part.title}](#${anchor(part.title)})`, casesOf(part)))
  return `| | cases | identical | different on purpose | not there |
|---|--:|--:|--:|--:|
${rows.join('\n')}
${row('**All**', parts.flatMap(casesOf))}`
}

function topicFold({ title, about, topics }: ComparedPart): string {
  const rows = topics.map(({ name, about: subject, cases }) => {
    const same = cases.filter(isSame).length
    return `| ${link(name, cases[0]!.file)} | ${subject} | ${same === cases.length ? `all ${same}` : `${same} of ${cases.length}`} |`
  })
  const all = casesOf({ topics })
  const table = `| | | identical |\n|---|---|--:|\n${rows.join('\n')}`
  const summary = `${count(all.filter(isSame).length)} of ${count(all.length)}, file by file`
  return `### ${title}\n\n${about}\n\n${fold(summary, table)}`
}

function groundSection(parts: readonly ComparedPart[], ground: Ground, title: string, about: string): string {
  const groups = parts.flatMap(part => {
    const reasons = byReason(casesOf(part).filter(({ difference }) => isDifference(difference) && difference.because === ground))
    return reasons.size === 0 ? [] : [`**${part.title}**\n\n${[...reasons].map(reasonFold).join('\n\n')}`]
  })
  return `### ${title}\n\n${about}\n\n${groups.join('\n\n')}`
}

function byReason(cases: readonly ComparedCase[]): Map<string, ComparedCase[]> {
  const reasons = new Map<string, ComparedCase[]>()
  for (const row of cases) {
    const reason = row.difference!.reason
    reasons.set(reason, [...(reasons.get(reason) ?? []), row])
  }
  return reasons
}

/** A reason that opens to its cases. */
function reasonFold([reason, cases]: readonly [string, readonly ComparedCase[]]): string {
  const number = cases.length === 1 ? '1 case' : `${cases.length} cases`
  return fold(`${escapeHtml(reason)} (${number})`, cases.map(caseDiff).join('\n\n'))
}

function caseDiff({ name, about, file, difference }: ComparedCase): string {
  const title = about === undefined ? '' : `: ${escapeHtml(about)}`
  return `${link(name, file)}${title}\n\n\`\`\`diff\n${(difference as Difference).lines.join('\n')}\n\`\`\``
}

function missing(all: readonly ComparedCase[]): string {
  const reasons = byReason(all.filter(({ difference }) => isUnsupported(difference)))
  if (reasons.size === 0) return 'Every recorded case has its counterpart.'
  return [...reasons].map(([reason, cases]) => `- ${reason} ${cases.map(({ name, file }) => link(name, file)).join(', ')}`).join('\n')
}

const translations = `Names are those of TypeScript: \`UseMiddleware\` is \`useMiddleware\`, a time span is a number of milliseconds, a cancellation token is an \`AbortSignal\`, \`ArgumentException\` is \`ArgumentException\`. Beyond that:

| ASP.NET Core | Windhover | |
|---|---|---|
| \`ASPNETCORE_URLS\`, \`ASPNETCORE_ENVIRONMENT\`, ... | \`WINDHOVER_URLS\`, \`WINDHOVER_ENVIRONMENT\`, ... | \`NODE_ENV\` names the environment too, after these |
| section \`Kestrel\` of the configuration | section \`NodeServer\` | |
| log categories \`Microsoft.AspNetCore.Hosting.Diagnostics\`, \`Microsoft.Hosting.Lifetime\`, \`Microsoft.AspNetCore.Server.Kestrel\`, ... | \`Windhover.Hosting.Diagnostics\`, \`Windhover.Hosting.Lifetime\`, \`Windhover.Server\`, ... | levels and event numbers are the same |
| a body that is written before the headers are sent is chunked | a body that is complete in one tick has a Content-Length | the comparison sets \`alwaysChunk\`, so that bodies look the same |
| a WebSocket waits for ever for the peer's close frame, and for a pong | \`closeTimeout\` 10 s, \`keepAliveTimeout\` 30 s | the comparison sets 1.5 s and none |
| a Startup class with two overloads of a method | two methods whose names differ in case | JavaScript has no overloads |
| \`GetValue<int>\` of a missing key is 0 | \`undefined\`, unless the caller names a default | the comparison names .NET's |
| two equal paths have the same hash code | two equal paths are equal | JavaScript has no hash codes |
| an unhandled exception ends the process with SIGABRT (134) | with exit code 1 | both count as failure |`

function isSame({ difference }: ComparedCase): boolean {
  return difference === undefined
}

function fold(summary: string, content: string): string {
  return `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`
}

function link(text: string, file: string): string {
  return `[\`${text}\`](${root}/${file})`
}

function anchor(title: string): string {
  return title.toLowerCase().replaceAll(' ', '-')
}

function count(value: number): string {
  return value.toLocaleString('en')
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('|', '\\|')
}
