import { readFileSync } from 'node:fs'

/** A difference on purpose: why, and what comes out instead. */
export interface Deviation {
  readonly reason: string
  readonly out: unknown
}

/** The deviations by the name of their case. Each must have its reason and its result. */
export function loadDeviations(path: string): ReadonlyMap<string, Deviation> {
  const deviations = new Map<string, Deviation>(Object.entries(JSON.parse(readFileSync(path, 'utf8'))))
  for (const [name, { reason, out }] of deviations) {
    if (!reason || out === undefined) throw new Error(`deviations.json: ${name} lacks its reason or its result`)
  }
  return deviations
}
