const encodedRuns = /(?:%[0-9A-Fa-f]{2})+/g
const loneSurrogates = /\p{Surrogate}/gu
const unreservedOnly = /[^A-Za-z0-9\-._~]+/g
/** What encodeURIComponent leaves alone although RFC 3986 reserves it. */
const keptByPlatform = /[!'()*]/g

/** Encodes every character that `pattern` (global) matches as UTF-8 in `%XX`. Half a surrogate pair becomes U+FFFD. */
export function encodePercent(text: string, pattern: RegExp = unreservedOnly): string {
  return text.replace(pattern, run =>
    encodeURIComponent(run.replace(loneSurrogates, '\ufffd')).replace(
      keptByPlatform,
      character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
  )
}

/**
 * Decodes `%XX` once. What is not valid UTF-8 or no escape at all stays as it is, and so does a byte for which `keeps` answers true.
 * It never throws, unless `keeps` does.
 */
export function decodePercent(text: string, keeps?: (byte: number) => boolean): string {
  return text.includes('%') ? text.replace(encodedRuns, run => decodeRun(run, keeps)) : text
}

function decodeRun(run: string, keeps: ((byte: number) => boolean) | undefined): string {
  const bytes = Buffer.from(run.replaceAll('%', ''), 'hex')
  let decoded = ''
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at)
    const kept = length === 0 || (length === 1 && keeps?.(bytes[at]!) === true)
    const end = at + Math.max(length, 1)
    decoded += kept ? run.slice(at * 3, end * 3) : bytes.toString('utf8', at, end)
    at = end
  }
  return decoded
}

/** How many bytes the character at `at` has; 0 when they are no UTF-8 (RFC 3629 section 4). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!
  if (lead < 0x80) return 1
  if (lead < 0xc2 || lead > 0xf4) return 0
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  // The second byte excludes overlong forms, surrogates and what lies above U+10FFFF.
  const second = bytes[at + 1] ?? 0
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  if (second < lowest || second > highest) return 0
  for (let i = 2; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0
  return length
}
