import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { caseName, loadCaseFiles } from '../parity/hosting/runner/case-files.ts'
import { loadDeviations } from '../parity/hosting/runner/deviations.ts'
import { runProcess } from '../parity/hosting/runner/host-process.ts'

const parity = fileURLToPath(new URL('../parity/', import.meta.url))
const folder = join(parity, 'hosting')
const command = [process.execPath, join(folder, 'adapter.mjs')]
const deviations = loadDeviations(join(folder, 'deviations.json'))
const files = loadCaseFiles(join(folder, 'cases')).filter(file => file.kind === 'process')

// A process of its own cannot use the sources, which Node does not read.
beforeAll(() => {
  const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'))
  execFileSync(process.execPath, [join(typescript, 'bin/tsc'), '-b', parity])
}, 120_000)

describe.each(files)('$name as recorded from ASP.NET Core', file => {
  const rows = file.cases.map(row => ({ row, name: caseName(file, row), about: row.about }))

  it.each(rows)('$name $about', async ({ row, name }) => {
    const deviation = deviations.get(name)
    expect(await runProcess(command, row)).toStrictEqual(deviation === undefined ? row.out : deviation.out)
    if (deviation !== undefined) expect(deviation.out, 'a deviation differs from the recording').not.toStrictEqual(row.out)
  })
})
