import { STATUS_CODES } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** A request as a case describes it: by its parts, or by its bytes. */
export interface ExchangeRequest {
  readonly method?: string
  readonly path?: string
  readonly version?: string
  /** A list is several lines; null leaves `Host` out. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | null>>
  readonly body?: string
  readonly raw?: string
  /** What follows after a pause each. */
  readonly pieces?: readonly string[]
  /** How many responses to read; default 1. */
  readonly responses?: number
  /** Record also whether the connection is closed afterwards. */
  readonly thenClosed?: boolean
  /** Only these parts of the result count. */
  readonly keep?: readonly string[]
  /** The path whose validators fill the headers; default that of the request. */
  readonly validatorsFrom?: string
}

/** A response as a case records it. */
export interface ExchangeResult {
  status?: number
  headers?: Record<string, string | string[]>
  body?: string
  version?: string
  reason?: string | undefined
  interim?: number[]
  truncated?: true
  untilClose?: true
  noResponse?: true
  partial?: string
  closed?: boolean
  responses?: ExchangeResult[]
}

/** How long nothing may come, in milliseconds. */
const silence = 4_000
/** How long a connection that ought to close gets to do so, in milliseconds. */
const closing = 500
const pieceInterval = 20

/**
 * One request on a connection of its own, written byte for byte as the case says, and the response as a plain object. `node:http` would repair or refuse many of
 * the requests and responses that matter here.
 */
export async function exchange(address: string, request: ExchangeRequest): Promise<ExchangeResult> {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  const reader = new ResponseReader(socket)
  try {
    socket.write(requestText(request), 'latin1')
    for (const piece of request.pieces ?? []) {
      await delay(pieceInterval)
      socket.write(asBytes(piece), 'latin1')
    }
    const method = request.method ?? request.raw?.split(' ', 1)[0]
    const responses: ExchangeResult[] = []
    for (let i = 0; i < (request.responses ?? 1); i++) responses.push(await reader.response(method))
    const result = responses.length === 1 ? responses[0]! : { responses }
    if (request.thenClosed) result.closed = await reader.endsWithin(closing)
    return result
  } finally {
    socket.destroy()
  }
}

function requestText({ method = 'GET', path = '/', version = '1.1', headers = {}, body, raw }: ExchangeRequest): string {
  if (raw !== undefined) return asBytes(raw)
  const all: Record<string, string | readonly string[] | null> = { Host: 'localhost', ...headers }
  const isFramed = Object.keys(all).some(name => /^(content-length|transfer-encoding)$/i.test(name))
  if (body !== undefined && !isFramed) all['Content-Length'] = String(Buffer.byteLength(body))
  const lines = Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [value].flat()).map(item => `${name}: ${item}\r\n`))
  return asBytes(`${method} ${path} HTTP/${version}\r\n${lines.join('')}\r\n${body ?? ''}`)
}

/** Text above U+00FF goes out as UTF-8; `\u00xx` goes out as that one byte when the text has latin1 characters alone. */
function asBytes(text: string): string {
  return /[^\0-\xff]/.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text
}

function asText(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8')
}

class ResponseReader {
  #buffer = ''
  #ended = false
  #wake = (): void => {}

  constructor(socket: Socket) {
    const end = (): void => {
      this.#ended = true
      this.#wake()
    }
    socket.on('data', chunk => {
      this.#buffer += chunk.toString('latin1')
      this.#wake()
    })
    socket.on('end', end).on('close', end).on('error', end)
    socket.setTimeout(silence, () => socket.destroy())
  }

  async response(method: string | undefined): Promise<ExchangeResult> {
    const interim: number[] = []
    for (;;) {
      const head = await this.#until('\r\n\r\n')
      const seen = interim.length > 0 ? { interim } : {}
      if (head === undefined) return { ...seen, noResponse: true, ...(this.#buffer === '' ? {} : { partial: this.#buffer }) }
      const [line = '', ...lines] = head.split('\r\n')
      const [, version, code, reason] = /^HTTP\/(\d\.\d) (\d+) ?(.*)$/.exec(line) ?? []
      const status = Number(code)
      if (status >= 100 && status < 200 && status !== 101) {
        interim.push(status)
        continue
      }
      const headers = collectHeaders(lines)
      return {
        status,
        headers,
        ...(version === '1.1' ? {} : { version: version ?? '' }),
        ...(reason === STATUS_CODES[status] ? {} : { reason }),
        ...seen,
        ...(await this.#body(method, status, headers)),
      }
    }
  }

  async #body(method: string | undefined, status: number, headers: Record<string, string | string[]>): Promise<ExchangeResult> {
    if (method === 'HEAD' || status === 204 || status === 304 || status === 101) return {}
    if (headers['transfer-encoding'] === 'chunked') return this.#chunks()
    if (headers['content-length'] !== undefined) {
      const body = await this.#take(Number(headers['content-length']))
      return body === undefined ? { body: asText(this.#buffer), truncated: true } : { body: asText(body) }
    }
    while (await this.#more());
    return { body: asText(this.#buffer), untilClose: true }
  }

  async #chunks(): Promise<ExchangeResult> {
    let body = ''
    for (;;) {
      const size = await this.#until('\r\n')
      const chunk = size === undefined ? undefined : await this.#take(Number.parseInt(size, 16) + 2)
      if (chunk === undefined) return { body: asText(body), truncated: true }
      if (chunk.length === 2) return { body: asText(body) }
      body += chunk.slice(0, -2)
    }
  }

  async endsWithin(milliseconds: number): Promise<boolean> {
    const timer = setTimeout(() => this.#wake(), milliseconds)
    await this.#more()
    clearTimeout(timer)
    return this.#ended
  }

  async #more(): Promise<boolean> {
    if (this.#ended) return false
    await new Promise<void>(resolve => {
      this.#wake = resolve
    })
    return true
  }

  async #until(mark: string): Promise<string | undefined> {
    for (;;) {
      const at = this.#buffer.indexOf(mark)
      if (at >= 0) {
        const found = this.#buffer.slice(0, at)
        this.#buffer = this.#buffer.slice(at + mark.length)
        return found
      }
      if (!(await this.#more())) return undefined
    }
  }

  async #take(length: number): Promise<string | undefined> {
    while (this.#buffer.length < length) if (!(await this.#more())) return undefined
    const taken = this.#buffer.slice(0, length)
    this.#buffer = this.#buffer.slice(length)
    return taken
  }
}

/** Names in lower case and sorted; of `Date` only that it is there; without `Server`, which names a product. */
function collectHeaders(lines: readonly string[]): Record<string, string | string[]> {
  const headers = new Map<string, string[]>()
  for (const line of lines.filter(text => text !== '')) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    if (name === 'server') continue
    headers.set(name, [...(headers.get(name) ?? []), name === 'date' ? '<date>' : line.slice(colon + 1).trim()])
  }
  const sorted = [...headers].sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(sorted.map(([name, values]) => [name, values.length === 1 ? values[0]! : values]))
}
