/** RFC 3986 reg-name without percent-encoding and without what no name resolves: the characters that Kestrel takes. */
const name = /^[!$&'()\-._~0-9A-Za-z]+(?::\d+)?$/
/** `[::]` is the shortest; whether the groups make sense is not looked at. */
const ipLiteral = /^\[[0-9A-Fa-f:.]{2,}\](?::\d+)?$/

/** Whether a `Host` header can be one. It may be empty (RFC 9112 section 3.2); it has no user information, no path and no escapes. */
export function isValidHost(host: string): boolean {
  return host === '' || name.test(host) || ipLiteral.test(host)
}
