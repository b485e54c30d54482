import { join } from 'node:path'
import { expect, it } from 'vitest'
import { hostingParts } from '../parity/page/hosting-parts.ts'
import { parityPage } from '../parity/page/parity-page.ts'
import { webSocketsPart } from '../parity/page/web-sockets-part.ts'

const root = new URL('../../', import.meta.url).pathname

// The page shows the recordings beside the deviations; the tests of test/parity prove that these are what happens.
it('tells in docs/reference/parity.md what is as in ASP.NET Core, and what is not (vitest -u writes the page anew)', async () => {
  const page = parityPage([webSocketsPart(root), ...hostingParts(root)])

  await expect(page).toMatchFileSnapshot(join(root, 'docs/reference/parity.md'))
})
