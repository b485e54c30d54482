import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ParityDriver } from './hosting/parity-driver.ts'
import { caseName, loadCaseFiles } from './hosting/runner/case-files.ts'
import { loadDeviations } from './hosting/runner/deviations.ts'
import { setFixtureTimes } from './hosting/runner/fixture-times.ts'
import { runCase } from './hosting/runner/run-case.ts'

const folder = fileURLToPath(new URL('hosting/', import.meta.url))
const fixtures = `${folder}cases/static`
const deviations = loadDeviations(`${folder}deviations.json`)
const files = loadCaseFiles(`${folder}cases`)
/** What runs in the process of the tests. Whole programs are compared by the tests of the host, and by `run.mjs`. */
const inProcess = files.filter(
  ({ kind, table }) => kind === 'http' || kind === 'services' || (kind === 'table' && ParityDriver.hasTable(table)),
)

setFixtureTimes(`${fixtures}/wwwroot`)

it('deviates only from cases that exist', () => {
  const names = new Set(files.flatMap(file => file.cases.map(row => caseName(file, row))))
  expect([...deviations.keys()].filter(name => !names.has(name))).toEqual([])
})

describe.each(inProcess)('$name as recorded from ASP.NET Core', file => {
  const driver = new ParityDriver()
  const rows = file.cases.map(row => ({
    row,
    name: caseName(file, row),
    about: row.about ?? JSON.stringify(row.in ?? row.request?.raw ?? row.request?.path),
  }))

  it.each(rows)('$name $about', async ({ row, name }) => {
    const deviation = deviations.get(name)
    const actual = await runCase(driver, file, row, fixtures)
    expect(actual).toStrictEqual(deviation === undefined ? row.out : deviation.out)
    if (deviation !== undefined) expect(deviation.out, 'a deviation differs from the recording').not.toStrictEqual(row.out)
  })
})
