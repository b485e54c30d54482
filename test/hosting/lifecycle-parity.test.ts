import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { environmentTables } from '../parity/hosting/environment-tables.ts'
import { errorKind } from '../parity/hosting/error-kind.ts'
import { type LifecycleSpec, runLifecycle } from '../parity/hosting/lifecycle-driver.ts'
import { caseName, loadCaseFiles } from '../parity/hosting/runner/case-files.ts'
import { loadDeviations } from '../parity/hosting/runner/deviations.ts'

const folder = fileURLToPath(new URL('../parity/hosting/', import.meta.url))
const deviations = loadDeviations(`${folder}deviations.json`)
const files = loadCaseFiles(`${folder}cases`)
const tables: Readonly<Record<string, (input: never) => unknown>> = environmentTables

describe.each(files.filter(file => file.kind === 'lifecycle'))('$name as recorded from ASP.NET Core', file => {
  it.each(file.cases.map(row => ({ row, name: caseName(file, row) })))('$name', async ({ row, name }) => {
    check(name, row.out, await runLifecycle(row.spec as LifecycleSpec))
  })
})

describe.each(files.filter(file => file.table !== undefined && file.table in tables))('$name as recorded from ASP.NET Core', file => {
  it.each(file.cases.map(row => ({ row, name: caseName(file, row) })))('$name', async ({ row, name }) => {
    check(name, row.out, await evaluate(tables[file.table!]!, row.in))
  })
})

async function evaluate(table: (input: never) => unknown, input: unknown): Promise<unknown> {
  try {
    return await table(input as never)
  } catch (error) {
    return { error: errorKind(error) }
  }
}

function check(name: string, recorded: unknown, actual: unknown): void {
  const deviation = deviations.get(name)
  expect(actual).toStrictEqual(deviation === undefined ? recorded : deviation.out)
  if (deviation !== undefined) expect(deviation.out, 'a deviation differs from the recording').not.toStrictEqual(recorded)
}
