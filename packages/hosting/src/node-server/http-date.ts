let second = Number.NaN
let text = ''

/** The present time as the header `Date` has it (RFC 9110 section 5.6.7), made once for each second. */
export function httpDate(): string {
  const now = Date.now()
  const present = now - (now % 1_000)
  if (present !== second) {
    second = present
    text = new Date(present).toUTCString()
  }
  return text
}
