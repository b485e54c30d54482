import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { configurationTables } from '../parity/hosting/configuration-tables.ts'
import { errorKind } from '../parity/hosting/error-kind.ts'
import { loggingTables } from '../parity/hosting/logging-tables.ts'

interface Recording {
  readonly table: string
  readonly cases: readonly { readonly id?: string; readonly in: unknown; readonly out: unknown }[]
}

const folder = new URL('../parity/hosting/', import.meta.url)
const deviations: Record<string, { reason: string; out?: unknown }> = JSON.parse(readFileSync(new URL('deviations.json', folder), 'utf8'))
const tables: Record<string, (input: never) => unknown> = { ...configurationTables, ...loggingTables }

const recordings = [
  'command-line',
  'configuration-bind',
  'configuration-get-value',
  'configuration-sections',
  'environment-variables',
  'json-configuration',
  'log-filter',
  'message-template',
  'simple-console',
]

describe.each(recordings)('table %s as recorded from ASP.NET Core', name => {
  const recording: Recording = JSON.parse(readFileSync(new URL(`cases/tables/${name}.json`, folder), 'utf8'))
  const rows = recording.cases.map((row, index) => ({
    ...row,
    name: `tables/${name}#${row.id ?? index + 1}`,
    input: JSON.stringify(row.in),
  }))

  it.each(rows)('$name $input', row => {
    const deviation = deviations[row.name]
    const expected = deviation === undefined ? row.out : deviation.out
    expect(run(tables[recording.table]!, row.in)).toStrictEqual(expected)
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
