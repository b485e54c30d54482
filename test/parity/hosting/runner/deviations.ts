import { readFileSync } from 'node:fs'
import { checkJustification, type Justification } from '../../grounds.ts'

/** A difference on purpose: why, and what comes out instead. */
export interface Deviation extends Justification {
  readonly out: unknown
}

/** The deviations by the name of their case. Each must have its ground, its reason and its result. */
export function loadDeviations(path: string): ReadonlyMap<string, Deviation> {
  const deviations = new Map<string, Deviation>(Object.entries(JSON.parse(readFileSync(path, 'utf8'))))
  for (const [name, deviation] of deviations) {
    checkJustification(name, deviation)
    if (deviation.out === undefined) throw new Error(`The deviation ${name} needs "out": what comes out instead.`)
  }
  return deviations
}
