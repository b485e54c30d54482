import { join } from 'node:path'
import { type CaseFile, caseName, loadCaseFiles, type ParityCase } from '../hosting/runner/case-files.ts'
import { isUnsupported } from '../hosting/runner/compare.ts'
import { type Deviation, loadDeviations } from '../hosting/runner/deviations.ts'
import type { ComparedCase, ComparedPart } from './compared-part.ts'
import { lineDiff } from './line-diff.ts'
import { resultLines } from './result-lines.ts'

const folder = 'test/parity/hosting'

/** The folders of the cases. */
const parts = [
  [
    'pipelines',
    'Pipelines',
    `The order of middleware and who ends it, \`map\` and the path base, middleware classes, \`onStarting\` and \`onCompleted\` in reverse order, how a response is framed and when it is cut off,
exception handlers, status code pages, request bodies and forms. Over TCP.`,
  ],
  [
    'tables',
    'Tables',
    `Which request lines, targets and \`Host\` headers are refused, and with which status; how paths, queries and cookies are read and written; which of \`appsettings.json\`, environment and command line wins;
how values are bound; where a server listens; which log rule counts, and the text on the console.`,
  ],
  [
    'static',
    'Static files',
    `Content types, ranges, preconditions, default files and the redirect to the slash; what is not served but falls through. Over TCP.`,
  ],
  [
    'di',
    'Dependency injection',
    `Which registration wins, how long an object lives, who disposes it and in which order, what validation finds, keyed services.`,
  ],
  [
    'lifecycle',
    'Hosts',
    `The order in which \`WebApplication\`, the generic \`Host\` and \`WebHost\` start, stop and fail, each in its own way; Startup classes; and whole processes: their lines on the console, signals, exit codes, a port in use.`,
  ],
] as const

/** What was recorded from ASP.NET Core's hosting, beside the deviations. */
export function hostingParts(root: string): ComparedPart[] {
  const deviations = loadDeviations(join(root, folder, 'deviations.json'))
  return parts.map(([part, title, about]) => ({
    title,
    about,
    topics: loadCaseFiles(join(root, folder, 'cases'), `${part}/`).map(file => ({
      name: file.name.slice(part.length + 1),
      about: file.about,
      cases: file.cases.map(row => compared(file, row, deviations.get(caseName(file, row)))),
    })),
  }))
}

function compared(file: CaseFile, row: ParityCase, deviation: Deviation | undefined): ComparedCase {
  const { about = aboutInput(row) } = row
  return {
    name: caseName(file, row),
    about,
    file: `${folder}/cases/${file.name}.json`,
    difference: deviation && differenceOf(row, deviation),
  }
}

function differenceOf({ out: recorded }: ParityCase, { because, reason, out }: Deviation): ComparedCase['difference'] {
  return isUnsupported(out) ? { unsupported: true, reason } : { because, reason, lines: lineDiff(resultLines(recorded), resultLines(out)) }
}

function aboutInput({ in: input, request }: ParityCase): string {
  return JSON.stringify(input ?? request?.raw ?? request ?? null)
}
