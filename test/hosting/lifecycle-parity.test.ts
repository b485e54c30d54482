import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type LifecycleSpec, runLifecycle } from '../parity/hosting/lifecycle-driver.ts'
import { caseName, loadCaseFiles } from '../parity/hosting/runner/case-files.ts'
import { loadDeviations } from '../parity/hosting/runner/deviations.ts'

const folder = fileURLToPath(new URL('../parity/hosting/', import.meta.url))
const deviations = loadDeviations(`${folder}deviations.json`)
const files = loadCaseFiles(`${folder}cases`, 'lifecycle/')

describe.each(files.filter(file => file.kind === 'lifecycle'))('$name as recorded from ASP.NET Core', file => {
  it.each(file.cases.map(row => ({ row, name: caseName(file, row) })))('$name', async ({ row, name }) => {
    check(name, row.out, await runLifecycle(row.spec as LifecycleSpec))
  })
})

function check(name: string, recorded: unknown, actual: unknown): void {
  const deviation = deviations.get(name)
  expect(actual).toStrictEqual(deviation === undefined ? recorded : deviation.out)
  if (deviation !== undefined) expect(deviation.out, 'a deviation differs from the recording').not.toStrictEqual(recorded)
}
