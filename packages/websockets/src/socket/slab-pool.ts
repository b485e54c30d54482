import { WebSocketLimits } from '../options/web-socket-limits.ts'

/** How many unused slabs are kept for the next burst; the others go to the garbage collector. */
const keptSlabs = 16

const free: Buffer[] = []
let inUse = 0

/** A slab for frames that are about to be written, or undefined when the process has its limit of them under way. */
export function takeSlab(): Buffer | undefined {
  if (inUse === WebSocketLimits.slabs) return undefined
  inUse++
  return free.pop() ?? Buffer.allocUnsafeSlow(WebSocketLimits.slab)
}

/** Gives a slab back that nothing writes from any more. */
export function giveSlab(slab: Buffer): void {
  inUse--
  if (free.length < keptSlabs) free.push(slab)
}
