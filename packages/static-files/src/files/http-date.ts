const withZone = /^[A-Z][a-z]{2,8}, \d\d[ -][A-Z][a-z]{2}[ -](?:\d\d){1,2} \d\d:\d\d:\d\d GMT$/
const asctime = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/

/** The moment that one of the three forms of RFC 9110 section 5.6.7 names, in ms since 1970; NaN for everything else, which `Date.parse` alone would guess. */
export function parseHttpDate(text: string): number {
  if (withZone.test(text)) return Date.parse(text)
  // asctime has no zone, and JavaScript would take it for local time.
  return asctime.test(text) ? Date.parse(`${text} GMT`) : Number.NaN
}
