import { join } from 'node:path'
import { caseName, loadCaseFiles, type ParityCase } from './case-files.ts'
import { loadDeviations } from './deviations.ts'
import { type Difference, differences } from './differences.ts'
import { setFixtureTimes } from './fixture-times.ts'
import { CommandImplementation } from './implementation.ts'
import { runCase } from './run-case.ts'

export interface CompareOptions {
  /** Has `cases/` and `deviations.json`. */
  readonly folder: string
  /** The program under test. */
  readonly command: readonly string[]
  /** The beginning of the names of the files to run. */
  readonly part?: string | undefined
}

/** How a case went: as recorded, as its deviation says, not there and listed so, or otherwise. */
export type Outcome = 'identical' | 'deviating' | 'unsupported' | 'different'

export interface ComparedCase {
  readonly name: string
  readonly row: ParityCase
  readonly outcome: Outcome
  /** From what was expected. */
  readonly differences: readonly Difference[]
}

/** Runs the cases with a program, one after the other. */
export async function* compareCases({ folder, command, part }: CompareOptions): AsyncGenerator<ComparedCase> {
  const cases = join(folder, 'cases')
  const fixtures = join(cases, 'static')
  const deviations = loadDeviations(join(folder, 'deviations.json'))
  const implementation = new CommandImplementation(command)
  setFixtureTimes(join(fixtures, 'wwwroot'))
  try {
    for (const file of loadCaseFiles(cases, part)) {
      for (const row of file.cases) {
        const name = caseName(file, row)
        const deviation = deviations.get(name)
        const actual = await runCase(implementation, file, row, fixtures)
        const found = differences(deviation === undefined ? row.out : deviation.out, actual)
        yield { name, row, outcome: outcomeOf(found, actual, deviation !== undefined), differences: found }
      }
    }
  } finally {
    implementation.close()
  }
}

function outcomeOf(found: readonly Difference[], actual: unknown, isDeviation: boolean): Outcome {
  if (found.length > 0) return 'different'
  if (!isDeviation) return 'identical'
  return isUnsupported(actual) ? 'unsupported' : 'deviating'
}

/** What an implementation answers that cannot carry out a case. */
export function isUnsupported(out: unknown): boolean {
  return typeof out === 'object' && out !== null && 'unsupported' in out
}

/** The lines that show how a case differs from what was expected. */
export function describeDifferences({ row, differences: found }: ComparedCase): string[] {
  const input = row.in === undefined ? [] : [`  input     ${JSON.stringify(row.in)}`]
  return [
    ...input,
    ...found.flatMap(({ path, expected, actual }) => [
      `  ${path}`,
      `    expected  ${JSON.stringify(expected)}`,
      `    actual    ${JSON.stringify(actual)}`,
    ]),
  ]
}
