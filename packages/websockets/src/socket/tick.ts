import { performance } from 'node:perf_hooks'

/**
 * The present tick of the process: what runs without going back to the event loop. Bytes that arrive begin one. Its end is only watched for when there is something to do then, because to watch costs a
 * lone message a twentieth of its time; so a tick that nobody watches may be over although it looks like the present one.
 */
export const tick = {
  number: 1,
  /** When it began, in milliseconds of `performance.now()`. */
  began: 0,
}

export function beginTick(): void {
  tick.number++
  tick.began = performance.now()
}
