import { once } from 'node:events'
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants, type OutgoingHttpHeaders } from 'node:http2'

/** What became of one request. */
export interface Outcome {
  readonly status?: number
  /** Without the date. */
  readonly headers?: Record<string, unknown>
  readonly body?: string
  /** The name of the code of RST_STREAM, such as `NO_ERROR`, which also stands for a stream that ended in order. */
  readonly code: string
}

export interface RequestOptions {
  readonly body?: string | Uint8Array
  /** Leave the request open behind its body. */
  readonly open?: boolean
  /** Resets the stream, without END_STREAM before as `close()` sends it. */
  readonly signal?: AbortSignal
}

const codes = Object.entries(constants).filter(
  ([name]) => name.startsWith('NGHTTP2_') && !/_ERR_|FLAG|STATE|SETTINGS|HCAT|SESSION/.test(name),
)

export function codeName(code: number): string {
  return codes.find(([, value]) => value === code)?.[0].slice('NGHTTP2_'.length) ?? String(code)
}

/** A client of one connection of HTTP/2 without TLS. */
export class Http2Client implements Disposable {
  readonly session: ClientHttp2Session

  private constructor(session: ClientHttp2Session) {
    this.session = session
    session.on('error', () => {})
  }

  static async connectAsync(port: number): Promise<Http2Client> {
    const session = connect(`http://127.0.0.1:${port}`)
    await once(session, 'remoteSettings')
    return new Http2Client(session)
  }

  open(headers: OutgoingHttpHeaders, { body, open = false, signal }: RequestOptions = {}): ClientHttp2Stream {
    const stream = this.session.request({ ':path': '/', ...headers }, { endStream: body === undefined && !open, ...(signal && { signal }) })
    if (body !== undefined) stream.write(body)
    if (body !== undefined && !open) stream.end()
    return stream
  }

  requestAsync(headers: OutgoingHttpHeaders = {}, options?: RequestOptions): Promise<Outcome> {
    return outcomeOf(this.open(headers, options))
  }

  [Symbol.dispose](): void {
    this.session.destroy()
  }
}

export function outcomeOf(stream: ClientHttp2Stream): Promise<Outcome> {
  let head: Pick<Outcome, 'status' | 'headers'> = {}
  const chunks: Buffer[] = []
  stream.on('response', ({ ':status': status, date: _date, ...headers }) => {
    head = { status: status!, headers: Object.fromEntries(Object.entries(headers)) }
  })
  stream.on('data', chunk => chunks.push(chunk))
  stream.on('error', () => {})
  return new Promise(resolve => {
    stream.on('close', () => {
      const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks).toString() }
      resolve({ ...head, ...body, code: codeName(stream.rstCode!) })
    })
  })
}
