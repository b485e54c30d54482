import { hostingErrors } from '../errors/hosting-errors.ts'

/** Callbacks of a builder run much later; without this the mistake would be told far from the line that made it. */
export function checkCallback(member: string, callback: unknown): void {
  if (typeof callback !== 'function') throw hostingErrors.callbackNotAFunction(member, callback)
}
