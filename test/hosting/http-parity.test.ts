import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ParityDriver } from '../parity/hosting/parity-driver.ts'
import { caseName, loadCaseFiles } from '../parity/hosting/runner/case-files.ts'
import { loadDeviations } from '../parity/hosting/runner/deviations.ts'
import { runCase } from '../parity/hosting/runner/run-case.ts'

const folder = fileURLToPath(new URL('../parity/hosting/', import.meta.url))
const deviations = loadDeviations(`${folder}deviations.json`)
const files = loadCaseFiles(`${folder}cases`).filter(file => file.kind === 'http' && !file.name.startsWith('static/'))

describe.each(files)('$name as recorded from ASP.NET Core', file => {
  const driver = new ParityDriver()

  it.each(file.cases.map(row => ({ row, name: caseName(file, row), about: row.about ?? JSON.stringify(row.request?.raw) })))(
    '$name $about',
    async ({ row, name }) => {
      const deviation = deviations.get(name)
      const actual = await runCase(driver, file, row, `${folder}cases/static`)
      expect(actual).toStrictEqual(deviation === undefined ? row.out : deviation.out)
      if (deviation !== undefined) expect(deviation.out, 'a deviation differs from the recording').not.toStrictEqual(row.out)
    },
  )
})
