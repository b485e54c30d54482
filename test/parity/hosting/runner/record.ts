import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CaseFile, caseName, loadCaseFiles } from './case-files.ts'
import { formatCases } from './case-format.ts'
import { setFixtureTimes } from './fixture-times.ts'
import { CommandImplementation, type Implementation } from './implementation.ts'
import { runCase } from './run-case.ts'

export interface RecordOptions {
  /** Has `cases/`. */
  readonly folder: string
  /** The reference program. */
  readonly command: readonly string[]
  /** The beginning of the names of the files to record. */
  readonly part?: string | undefined
}

/** Carries out the cases with the reference program and writes what comes out into the case files. */
export async function recordAsync({ folder, command, part }: RecordOptions): Promise<void> {
  const cases = join(folder, 'cases')
  const fixtures = join(cases, 'static')
  const implementation = new CommandImplementation(command)
  setFixtureTimes(join(fixtures, 'wwwroot'))
  for (const file of loadCaseFiles(cases, part)) {
    const { name, ...recorded } = await recordFile(implementation, file, fixtures)
    writeFileSync(join(cases, `${name}.json`), `${formatCases(recorded)}\n`)
    console.log(`hosting/${name}: ${file.cases.length}`)
  }
  implementation.close()
}

async function recordFile(implementation: Implementation, file: CaseFile, fixtures: string): Promise<CaseFile> {
  const cases = []
  for (const row of file.cases) {
    try {
      cases.push({ ...row, out: await runCase(implementation, file, row, fixtures) })
    } catch (error) {
      throw new Error(`${caseName(file, row)} cannot be recorded: ${(error as Error).message}`, { cause: error })
    }
  }
  return { ...file, cases }
}
