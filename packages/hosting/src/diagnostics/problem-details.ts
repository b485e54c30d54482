import { reasonPhraseOf } from '../server/reason-phrase.ts'

/** The answer of an API to a request that went wrong (RFC 9457). (ASP.NET Core: ProblemDetails) */
export interface ProblemDetails {
  /** A URI that names the kind of problem. */
  type?: string
  title?: string
  status?: number
  detail?: string
  /** A URI that names this occurrence. */
  instance?: string
  [extension: string]: unknown
}

const rfc9110 = 'https://tools.ietf.org/html/rfc9110#section-'

/** Section of RFC 9110 (or another document) and title, as ASP.NET Core has them; the title of any other status is its reason phrase. */
const defaults: ReadonlyMap<number, readonly [type: string, title: string]> = new Map([
  [400, [`${rfc9110}15.5.1`, 'Bad Request']],
  [401, [`${rfc9110}15.5.2`, 'Unauthorized']],
  [403, [`${rfc9110}15.5.4`, 'Forbidden']],
  [404, [`${rfc9110}15.5.5`, 'Not Found']],
  [405, [`${rfc9110}15.5.6`, 'Method Not Allowed']],
  [406, [`${rfc9110}15.5.7`, 'Not Acceptable']],
  [407, [`${rfc9110}15.5.8`, 'Proxy Authentication Required']],
  [408, [`${rfc9110}15.5.9`, 'Request Timeout']],
  [409, [`${rfc9110}15.5.10`, 'Conflict']],
  [410, [`${rfc9110}15.5.11`, 'Gone']],
  [411, [`${rfc9110}15.5.12`, 'Length Required']],
  [412, [`${rfc9110}15.5.13`, 'Precondition Failed']],
  [413, [`${rfc9110}15.5.14`, 'Content Too Large']],
  [414, [`${rfc9110}15.5.15`, 'URI Too Long']],
  [415, [`${rfc9110}15.5.16`, 'Unsupported Media Type']],
  [416, [`${rfc9110}15.5.17`, 'Range Not Satisfiable']],
  [417, [`${rfc9110}15.5.18`, 'Expectation Failed']],
  [421, [`${rfc9110}15.5.20`, 'Misdirected Request']],
  [422, ['https://tools.ietf.org/html/rfc4918#section-11.2', 'Unprocessable Entity']],
  [426, [`${rfc9110}15.5.22`, 'Upgrade Required']],
  [500, [`${rfc9110}15.6.1`, 'An error occurred while processing your request.']],
  [501, [`${rfc9110}15.6.2`, 'Not Implemented']],
  [502, [`${rfc9110}15.6.3`, 'Bad Gateway']],
  [503, [`${rfc9110}15.6.4`, 'Service Unavailable']],
  [504, [`${rfc9110}15.6.5`, 'Gateway Timeout']],
  [505, [`${rfc9110}15.6.6`, 'HTTP Version Not Supported']],
])

/** Fills in type, title and status where they are missing, in the order in which they are written. */
export function completeProblemDetails(problem: ProblemDetails, statusCode: number): ProblemDetails {
  const status = problem.status ?? statusCode
  const [type, title = reasonPhraseOf(status) || undefined] = defaults.get(status) ?? []
  const { type: ownType, title: ownTitle, status: _, ...rest } = problem
  return {
    ...((ownType ?? type) === undefined ? {} : { type: (ownType ?? type)! }),
    ...((ownTitle ?? title) === undefined ? {} : { title: (ownTitle ?? title)! }),
    status,
    ...rest,
  }
}
