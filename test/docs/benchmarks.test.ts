import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
// @ts-expect-error A plain JavaScript module has no types.
import { benchmarksPage } from '../../bench/lib/page.mjs'
// @ts-expect-error A plain JavaScript module has no types.
import { works } from '../../bench/works/index.mjs'

const root = new URL('../../', import.meta.url)

it('shows in docs/reference/benchmarks.md what bench/results.json has (vitest -u writes the page anew)', async () => {
  const results = JSON.parse(readFileSync(new URL('bench/results.json', root), 'utf8'))

  await expect(benchmarksPage(results, works)).toMatchFileSnapshot(new URL('docs/reference/benchmarks.md', root).pathname)
})
