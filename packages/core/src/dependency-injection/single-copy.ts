import { fileURLToPath } from 'node:url'
import { coreErrors } from '../errors/core-errors.ts'

const copyKey = Symbol.for('windhover.core.copy')

/**
 * Two copies of core would have two of every abstract class, so that a service registered with one is missing in the other, and
 * `instanceof` lies. Better to stop at once and say where they are. (tsyringe may be there twice: what its decorators write is read
 * by shape, and its global container is not used.)
 */
export function refuseSecondCopy(url: string): void {
  const global = globalThis as { [copyKey]?: string }
  const first = global[copyKey]
  if (first !== undefined && first !== url) throw coreErrors.loadedTwice('@windhover/core', pathOf(first), pathOf(url))
  global[copyKey] = url
}

function pathOf(url: string): string {
  return url.startsWith('file:') ? fileURLToPath(url) : url
}

/** Undefined in a bundle that was made for `require`, which is one copy by itself. */
const here: string | undefined = import.meta.url
if (here !== undefined) refuseSecondCopy(new URL('..', here).href)
