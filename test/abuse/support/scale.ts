import { vi } from 'vitest'

/** True in `npm run test:abuse`: the attacks run at full length. */
export const isFull: boolean = process.env.ABUSE === 'full'

if (isFull) vi.setConfig({ testTimeout: 600_000 })

/** How often an attack runs: `usual` in the ordinary run of all tests. */
export function scale(usual: number, full: number): number {
  return isFull ? full : usual
}

export const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await turn()
}

/** Waits, a turn of the event loop at a time, until something holds. Rejects after `limit` milliseconds with what it waited for. */
export async function until(what: string, holds: () => boolean, limit = 10_000): Promise<void> {
  const end = performance.now() + limit
  while (!holds()) {
    if (performance.now() > end) throw new Error(`Waited ${limit} ms for this in vain: ${what}.`)
    await turn()
  }
}
