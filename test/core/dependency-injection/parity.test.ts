import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runServices, type ServicesSpec } from '../../parity/hosting/services-driver.ts'

interface Recording {
  readonly cases: readonly { readonly id: string; readonly about: string; readonly spec: ServicesSpec; readonly out: readonly string[] }[]
}

const folder = new URL('../../parity/hosting/', import.meta.url)
const deviations: Record<string, { reason: string; out: unknown }> = JSON.parse(readFileSync(new URL('deviations.json', folder), 'utf8'))

const recordings = readdirSync(new URL('cases/di', folder)).map(file => ({
  file: `di/${file.replace('.json', '')}`,
  ...(JSON.parse(readFileSync(new URL(`cases/di/${file}`, folder), 'utf8')) as Recording),
}))

it('has the recordings of all five areas', () => {
  const files = recordings.map(({ file }) => file)
  expect(files.toSorted()).toStrictEqual(['di/disposal', 'di/keyed', 'di/lifetimes', 'di/registration', 'di/validation'])
})

it('deviates only from cases that exist', () => {
  const names = recordings.flatMap(({ file, cases }) => cases.map(({ id }) => `${file}#${id}`))
  expect(names).toEqual(expect.arrayContaining(Object.keys(deviations).filter(name => name.startsWith('di/'))))
})

describe.each(recordings)('$file as recorded from .NET', ({ file, cases }) => {
  it.each(cases.map(recorded => ({ ...recorded, name: `${file}#${recorded.id}` })))('$name: $about', async ({ name, spec, out }) => {
    const deviation = deviations[name]
    expect(await runServices(spec)).toStrictEqual(deviation === undefined ? out : deviation.out)
    if (deviation !== undefined) expect(deviation.out, 'a deviation differs from the recording').not.toStrictEqual(out)
  })
})
