import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
// @ts-expect-error A plain JavaScript module has no types.
import { promiseTable } from '../../bench/promises/table.mjs'

const root = new URL('../../', import.meta.url)

it('shows in the README what the comparison has found', () => {
  const results = JSON.parse(readFileSync(new URL('bench/promises/results.json', root), 'utf8'))
  expect(readFileSync(new URL('README.md', root), 'utf8')).toContain(promiseTable(results))
})
