import type { CaseFile, ParityCase } from './case-files.ts'
import { runProcess } from './host-process.ts'
import { type ExchangeRequest, type ExchangeResult, exchange } from './http-exchange.ts'
import type { Answer, Implementation } from './implementation.ts'

const unsupported = { unsupported: true }

/** What the implementation does with one case: the value that was recorded, or is compared with the recorded one. */
export async function runCase(implementation: Implementation, file: CaseFile, row: ParityCase, fixtures: string): Promise<unknown> {
  switch (file.kind) {
    case 'http':
      return runHttp(implementation, file, row, fixtures)
    case 'table':
      return tidy(await implementation.ask({ op: 'table', table: row.table ?? file.table!, in: row.in }))
    case 'services':
    case 'lifecycle':
      return tidy(await implementation.ask({ op: file.kind, spec: row.spec }))
    case 'process':
      return implementation.command === undefined ? unsupported : runProcess(implementation.command, row)
  }
}

/** A success is its plain value; an error stays wrapped. */
function tidy(answer: Answer): unknown {
  if (answer.broken !== undefined) throw new Error(answer.broken)
  return 'out' in answer ? answer.out : answer
}

async function runHttp(implementation: Implementation, file: CaseFile, row: ParityCase, fixtures: string): Promise<unknown> {
  const spec: { webRoot?: string } = { ...file.defaults, ...row.spec }
  if (spec.webRoot !== undefined) spec.webRoot = `${fixtures}/${spec.webRoot}`
  const opened = await implementation.ask({ op: 'open', spec })
  if (opened.broken !== undefined) throw new Error(opened.broken)
  if (opened.address === undefined) return opened

  const built = await traceOf(implementation)
  const tags = new Map<string, number>()
  const results: object[] = []
  for (const request of row.requests ?? [row.request ?? {}]) {
    const result = normalise(await exchange(opened.address, await filled(implementation, opened.address, request)), tags)
    const trace = await traceOf(implementation)
    results.push(kept(request, { ...result, ...(trace.length > 0 ? { trace } : {}) }))
  }
  await implementation.ask({ op: 'close' })
  return { ...(built.length > 0 ? { built } : {}), ...(results.length === 1 ? results[0] : { exchanges: results }) }
}

async function traceOf(implementation: Implementation): Promise<readonly string[]> {
  return (await implementation.ask({ op: 'trace' })).trace ?? []
}

/** Where a body is free text, `keep` names the parts that count. */
function kept({ keep }: ExchangeRequest, result: object): object {
  return keep === undefined ? result : Object.fromEntries(Object.entries(result).filter(([name]) => keep.includes(name)))
}

/** Puts the entity tag and the date of a resource, from a plain GET before, in place of `{{etag}}` and `{{modified-60}}`. */
async function filled(implementation: Implementation, address: string, request: ExchangeRequest): Promise<ExchangeRequest> {
  const headers = JSON.stringify(request.headers ?? {})
  if (!headers.includes('{{')) return request
  const path = request.validatorsFrom ?? request.path
  const validators = (await exchange(address, path === undefined ? {} : { path })).headers ?? {}
  await traceOf(implementation)
  const text = headers
    .replaceAll('{{etag}}', () => JSON.stringify(validators.etag).slice(1, -1))
    .replace(/\{\{modified([+-]\d+)?\}\}/g, (_, seconds = '0') =>
      new Date(Date.parse(String(validators['last-modified'])) + Number(seconds) * 1_000).toUTCString(),
    )
  return { ...request, headers: JSON.parse(text) }
}

/** Entity tags become `"<etag 1>"`, `"<etag 2>"`, ... by value, dates `<modified>`, and the trace id of a problem `<trace id>`. */
function normalise(result: ExchangeResult, tags: Map<string, number>): ExchangeResult {
  const { headers, body } = result
  if (body) result.body = body.replace(/("traceId":")[^"]+/, '$1<trace id>')
  if (typeof headers?.etag === 'string') {
    const [, weak = '', value = ''] = /^(W\/)?(.*)$/.exec(headers.etag) ?? []
    if (!tags.has(value)) tags.set(value, tags.size + 1)
    headers.etag = `${weak}"<etag ${tags.get(value)}>"`
  }
  if (Date.parse(String(headers?.['last-modified']))) headers!['last-modified'] = '<modified>'
  return result
}
