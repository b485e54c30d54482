import { hostingErrors } from '../errors/hosting-errors.ts'

/** The value of a limit, or its default. Raises an argument-out-of-range error for what is no such number. */
export function atLeast(minimum: number, name: string, value: number | null | undefined, otherwise: number | null): number | null {
  if (value === undefined) return otherwise
  if (value === null) return null
  if (!Number.isFinite(value) || value < minimum) throw hostingErrors.limitOutOfRange(name, value, minimum)
  return value
}
