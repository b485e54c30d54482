import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { partFile } from '../parity/page/compared-text.ts'
import { hostingParts } from '../parity/page/hosting-parts.ts'
import { parityPage } from '../parity/page/parity-page.ts'
import { partPage } from '../parity/page/part-page.ts'
import { webSocketsPart } from '../parity/page/web-sockets-part.ts'

const root = new URL('../../', import.meta.url).pathname
const folder = join(root, 'docs/reference')
const parts = [webSocketsPart(root), ...hostingParts(root)]

// The pages show the recordings beside the deviations; the tests of test/parity prove that these are what happens.
describe('the pages about parity (vitest -u writes them anew)', () => {
  it('tell in docs/reference/parity.md what is as in ASP.NET Core, and what is not', async () => {
    await expect(parityPage(parts)).toMatchFileSnapshot(join(folder, 'parity.md'))
  })

  it.each(parts)('show every difference of $title', async part => {
    await expect(partPage(part)).toMatchFileSnapshot(join(folder, partFile(part)))
  })

  it('are no more than there are parts', () => {
    expect(readdirSync(join(folder, 'parity')).map(name => `parity/${name}`)).toEqual(parts.map(partFile).sort())
  })

  it('lead from each reason to where it is shown', () => {
    const shown = new Map(parts.map(part => [partFile(part), partPage(part)]))
    const links = [...parityPage(parts).matchAll(/\]\((parity\/[a-z-]+\.md)#([a-z0-9-]+)\)/g)]
    expect(links.length).toBeGreaterThan(0)
    expect(links.filter(([, page, id]) => !shown.get(page!)?.includes(`<a id="${id}">`))).toEqual([])
  })
})
