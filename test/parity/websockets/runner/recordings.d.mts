import type { Recording } from './run-scenario.mjs'

export function readRecordings(folder: string): Record<string, Recording>
export function differences(expected: Recording, actual: Recording): string[]
