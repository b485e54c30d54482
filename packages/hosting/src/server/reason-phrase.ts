import { STATUS_CODES } from 'node:http'

/** Those of Node, and what ASP.NET Core has beside or in place of them. */
const phrases: Readonly<Record<number, string | undefined>> = {
  ...STATUS_CODES,
  306: 'Switch Proxy',
  418: "I'm a teapot",
  419: 'Authentication Timeout',
  499: 'Client Closed Request',
  509: undefined,
}

/** What stands behind a status on its line; empty for one that has no name. (ASP.NET Core: ReasonPhrases) */
export function reasonPhraseOf(statusCode: number): string {
  return phrases[statusCode] ?? ''
}
