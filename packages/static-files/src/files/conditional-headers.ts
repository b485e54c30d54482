import type { HttpRequest } from '@windhover/core'
import { parseHttpDate } from './http-date.ts'

/** What `send` reads of a request's head. */
export interface ConditionalHeaders {
  readonly 'if-match': string | undefined
  readonly 'if-unmodified-since': string | undefined
  readonly 'if-none-match': string | undefined
  readonly 'if-modified-since': string | undefined
  readonly 'if-range': string | undefined
  readonly range: string | undefined
}

/** The conditions of a request as `send` has to see them, so that its answer is that of RFC 9110 and, where that leaves a choice, of ASP.NET Core. */
export function conditionalHeaders({ method, headers }: HttpRequest): ConditionalHeaders {
  const ifRange = headers.get('if-range') ?? undefined
  // Only GET has ranges (section 14.2). A weak tag allows none (13.1.5), but `send` would find the strong one inside it.
  const ranged = method === 'GET' && !ifRange?.startsWith('W/')
  return {
    'if-match': strongTags(headers.get('if-match')),
    'if-unmodified-since': pastDate(headers.get('if-unmodified-since')),
    'if-none-match': headers.get('if-none-match') ?? undefined,
    'if-modified-since': pastDate(headers.get('if-modified-since')),
    'if-range': ifRange,
    range: ranged ? singleRange(headers.get('range')) : undefined,
  }
}

/** If-Match compares strongly (section 13.1.1), `send` weakly. When no tag is left, a list without members still is a condition that fails. */
function strongTags(value: string | null): string | undefined {
  if (value === null || !value.includes('W/')) return value ?? undefined
  const tags = value.split(',').filter(tag => !tag.trimStart().startsWith('W/'))
  return tags.join(',') || ','
}

/** A date that is malformed (section 13.1.3) or in the future (ASP.NET Core) is no condition. */
function pastDate(value: string | null): string | undefined {
  if (value === null) return undefined
  const time = parseHttpDate(value)
  return time <= Date.now() ? new Date(time).toUTCString() : undefined
}

const oneRange = /^\s*bytes\s*=\s*(\d{0,19})\s*-\s*(\d{0,19})\s*$/i

/** One range of bytes, for example `bytes=2-5` or `bytes=-3`. Several ranges and malformed ones are left out: the answer is the whole file (section 14.2). */
function singleRange(value: string | null): string | undefined {
  const match = value === null ? null : oneRange.exec(value)
  if (match === null) return undefined
  const first = match[1]!
  const last = match[2]!
  const valid = first === '' ? last !== '' : last === '' || Number(first) <= Number(last)
  return valid ? `bytes=${first}-${last}` : undefined
}

const suffix = /^bytes=-(\d+)$/

/** A suffix that is longer than the file stands for all of it (section 14.1.2); `send` would refuse it. */
export function rangeWithin(range: string | undefined, length: number): string | undefined {
  const match = range === undefined ? null : suffix.exec(range)
  return match === null ? range : `bytes=-${Math.min(Number(match[1]), length)}`
}
