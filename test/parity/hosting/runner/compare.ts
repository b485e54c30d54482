import { join } from 'node:path'
import { caseName, loadCaseFiles } from './case-files.ts'
import { loadDeviations } from './deviations.ts'
import { differences } from './differences.ts'
import { setFixtureTimes } from './fixture-times.ts'
import { CommandImplementation } from './implementation.ts'
import { runCase } from './run-case.ts'

export interface CompareOptions {
  /** Has `cases/` and `deviations.json`. */
  readonly folder: string
  readonly command: readonly string[]
  /** The beginning of the names of the files to run. */
  readonly part?: string | undefined
  /** Only the names of the cases that differ. */
  readonly brief?: boolean | undefined
}

/** Runs the cases with a program, and prints every difference and a summary. True when there was none but the deliberate ones. */
export async function compareAsync({ folder, command, part, brief = false }: CompareOptions): Promise<boolean> {
  const cases = join(folder, 'cases')
  const fixtures = join(cases, 'static')
  const deviations = loadDeviations(join(folder, 'deviations.json'))
  const implementation = new CommandImplementation(command)
  const total = { cases: 0, identical: 0, deviating: 0, unsupported: 0 }
  setFixtureTimes(join(fixtures, 'wwwroot'))
  for (const file of loadCaseFiles(cases, part)) {
    for (const row of file.cases) {
      const name = caseName(file, row)
      const deviation = deviations.get(name)
      const actual = await runCase(implementation, file, row, fixtures)
      const found = differences(deviation === undefined ? row.out : deviation.out, actual)
      total.cases++
      if (isUnsupported(actual)) total.unsupported++
      else if (found.length === 0) total[deviation === undefined ? 'identical' : 'deviating']++
      if (found.length === 0) continue
      console.log(`\n${name}${row.about === undefined ? '' : `  ${row.about}`}`)
      if (brief) continue
      if (row.in !== undefined) console.log(`  input     ${JSON.stringify(row.in)}`)
      for (const { path, expected, actual: got } of found) {
        console.log(`  ${path}\n    expected  ${JSON.stringify(expected)}\n    actual    ${JSON.stringify(got)}`)
      }
    }
  }
  implementation.close()
  const different = total.cases - total.identical - total.deviating - total.unsupported
  console.log(
    `${total.identical} of ${total.cases} identical, ${total.deviating} deviate on purpose, ${different} differ, ${total.unsupported} not supported`,
  )
  return total.identical + total.deviating === total.cases
}

function isUnsupported(actual: unknown): boolean {
  return typeof actual === 'object' && actual !== null && 'unsupported' in actual
}
