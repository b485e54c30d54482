import type fc from 'fast-check'
import { scale } from './scale.ts'

/**
 * How often a property runs: `usual` in the ordinary run of all tests. A failure prints its seed, the shortest case that fails and the path to it; `FUZZ_SEED` runs the same cases again.
 */
export function fuzz(usual: number, full: number = usual * 50): fc.Parameters<unknown> {
  const { FUZZ_SEED } = process.env
  return { numRuns: scale(usual, full), endOnFailure: false, ...(FUZZ_SEED === undefined ? {} : { seed: Number(FUZZ_SEED) }) }
}

/** Cuts bytes at the given places, which may be anywhere: a chunk for each. */
export function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [...new Set(places.map(place => place % (bytes.length + 1)))].sort((a, b) => a - b)
  return [...sorted, bytes.length].map((end, i) => bytes.subarray(i === 0 ? 0 : sorted[i - 1], end))
}
