import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { errorKind } from '../../parity/hosting/error-kind.ts'
import { httpTables } from '../../parity/hosting/http-tables.ts'

interface Recording {
  readonly table: string
  readonly cases: readonly { readonly in: unknown; readonly out: unknown }[]
}

const folder = new URL('../../parity/hosting/', import.meta.url)
const deviations: Record<string, { reason: string; out: unknown }> = JSON.parse(readFileSync(new URL('deviations.json', folder), 'utf8'))
const tables: Record<string, (input: never) => unknown> = httpTables

const recordings = readdirSync(new URL('cases/tables', folder))
  .map(file => ({
    name: file.replace('.json', ''),
    ...(JSON.parse(readFileSync(new URL(`cases/tables/${file}`, folder), 'utf8')) as Recording),
  }))
  .filter(({ table }) => table in httpTables)

it('has a recording for every function', () => {
  expect(recordings.map(({ table }) => table).toSorted()).toStrictEqual(Object.keys(httpTables).toSorted())
})

describe.each(recordings)('table $name as recorded from ASP.NET Core', ({ name, table, cases }) => {
  const rows = cases.map((row, index) => ({ ...row, name: `tables/${name}#${index + 1}`, input: JSON.stringify(row.in) }))

  it.each(rows)('$name $input', row => {
    const deviation = deviations[row.name]
    expect(run(tables[table]!, row.in)).toStrictEqual(deviation === undefined ? row.out : deviation.out)
    if (deviation !== undefined) expect(deviation.out, 'a deviation differs from the recording').not.toStrictEqual(row.out)
  })
})

function run(table: (input: never) => unknown, input: unknown): unknown {
  try {
    return table(input as never)
  } catch (error) {
    return { error: errorKind(error) }
  }
}
