import { setTimeout as pause } from 'node:timers/promises'
import { secondsBetween, threadTimes } from '../lib/machine.mjs'

const longestSpan = 20

/**
 * Waits until the server is warm: until it has used so many seconds of processor time, but not longer than twice as many by the clock. Then counts for
 * some seconds: how much was done per second, how much processor time of the server each piece took, and which part of the time the server was busy
 * (below 1 the load generator or the network was what limited it).
 */
export async function measureSpan({ pid, warmUp, seconds }, count) {
  await untilWarm(pid, warmUp)
  const [before, threads, start] = [count(), threadTimes(pid), performance.now()]
  await pause(seconds * 1000)
  // On a machine that does other things as well a short span may see nothing at all.
  for (let waited = seconds; count() === before && waited < longestSpan; waited += seconds) await pause(seconds * 1000)
  const [counted, used, elapsed] = [count() - before, secondsBetween(threads, threadTimes(pid)), (performance.now() - start) / 1000]
  if (counted === 0) throw new Error(`nothing was answered in ${elapsed} s`)
  return { perSecond: counted / elapsed, cpuMicros: (used * 1e6) / counted, busy: used / elapsed }
}

async function untilWarm(pid, seconds) {
  const [threads, start] = [threadTimes(pid), performance.now()]
  while (secondsBetween(threads, threadTimes(pid)) < seconds && performance.now() - start < seconds * 2000) await pause(20)
}
