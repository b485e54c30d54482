import { performance } from 'node:perf_hooks'
import { setImmediate } from 'node:timers'
import { WebSocketLimits } from '../options/web-socket-limits.ts'

/** How many milliseconds the process has compressed in the present turn of the event loop. */
let used = 0
let endIsScheduled = false
let waiting: (() => void)[] = []

/** False when the process has compressed for so long in this turn that others must get theirs. */
export function mayCompress(): boolean {
  return used < WebSocketLimits.compressionTurn
}

/** Runs `compress` and counts its time. */
export function countCompression<T>(compress: () => T): T {
  const began = performance.now()
  try {
    return compress()
  } finally {
    used += performance.now() - began
    scheduleEnd()
  }
}

/** Calls `go` in a later turn, one socket after the other; each compresses as much as the turn allows. */
export function whenMayCompress(go: () => void): void {
  waiting.push(go)
  scheduleEnd()
}

function scheduleEnd(): void {
  if (endIsScheduled) return
  endIsScheduled = true
  setImmediate(endTurn)
}

function endTurn(): void {
  endIsScheduled = false
  used = 0
  const ready = waiting
  waiting = []
  let count = 0
  while (count < ready.length && mayCompress()) ready[count++]!()
  if (count < ready.length) waiting = ready.slice(count).concat(waiting)
  if (waiting.length > 0) scheduleEnd()
}
