import {
  type ApplicationBuilder,
  type HttpContext,
  type LogEntry,
  LogLevel,
  ServerAddressesFeature,
  type WebSocket,
  type WebSocketAcceptContext,
} from '@windhover/core'
import { WebHost } from '@windhover/hosting'
import type { WebSocketOptions } from '@windhover/websockets'
import '@windhover/websockets'
import { CollectedLogs } from '../../support/collected-logs.ts'
import { testCertificate } from '../../support/test-certificate.ts'
import { isAccepted, Peer } from './peer.ts'
import { transport } from './transport.ts'

/** A socket between its handler and its peer: the handler waits until the test ends it. */
export interface Accepted {
  readonly socket: WebSocket
  readonly peer: Peer
  readonly context: HttpContext
  /** Lets the handler return, or throw. */
  end(error?: unknown): void
  /** Resolves with what the request ended with, when it has left the pipeline. */
  readonly ended: Promise<{ readonly error: unknown }>
}

export interface AcceptingHostOptions {
  readonly options?: Partial<WebSocketOptions>
  readonly accept?: WebSocketAcceptContext
  /** Middleware in front of the WebSockets. */
  readonly before?: (app: ApplicationBuilder) => void
  /** In place of waiting for the test. */
  readonly handler?: (socket: WebSocket, context: HttpContext) => Promise<void>
}

class Deferred<T> {
  resolve!: (value: T) => void
  reject!: (error: unknown) => void
  readonly promise = new Promise<T>((resolve, reject) => {
    this.resolve = resolve
    this.reject = reject
  })
}

/** A host on a free port whose only handler accepts. Disposing it stops it at once. */
export class AcceptingHost implements AsyncDisposable {
  readonly host: WebHost
  readonly logs: LogEntry[]
  readonly #peers: Peer[] = []
  readonly #accepted: Deferred<Omit<Accepted, 'peer'>>[]

  private constructor(host: WebHost, logs: LogEntry[], accepted: Deferred<Omit<Accepted, 'peer'>>[]) {
    this.host = host
    this.logs = logs
    this.#accepted = accepted
  }

  static async startAsync({ options, accept, before, handler }: AcceptingHostOptions = {}): Promise<AcceptingHost> {
    const provider = new CollectedLogs()
    const logs = provider.entries
    const waiting: Deferred<Omit<Accepted, 'peer'>>[] = []
    const url = transport.isSecure ? 'https://127.0.0.1:0' : 'http://127.0.0.1:0'
    const host = WebHost.createDefaultBuilder(['--urls', url, '--environment', 'Production'])
      .suppressStatusMessages()
      .configureNodeServer({
        protocols: transport.isHttp2 ? 'http2' : 'http1',
        ...(transport.isSecure && { https: testCertificate() }),
      })
      .useShutdownTimeout(1000)
      .configureLogging(logging => logging.clearProviders().addProvider(provider).setMinimumLevel(LogLevel.Debug))
      .configure(app => {
        const ended = new WeakMap<HttpContext, Deferred<{ error: unknown }>>()
        app.use(async (context, next) => {
          const end = new Deferred<{ error: unknown }>()
          ended.set(context, end)
          try {
            await next()
            end.resolve({ error: undefined })
          } catch (error) {
            end.resolve({ error })
            throw error
          }
        })
        before?.(app)
        app.useWebSockets(options)
        app.run(async context => {
          const socket = await context.webSockets.acceptWebSocketAsync(accept)
          const gate = new Deferred<void>()
          const end = (error?: unknown): void => (error === undefined ? gate.resolve() : gate.reject(error))
          waiting.shift()?.resolve({ socket, context, end, ended: ended.get(context)!.promise })
          await (handler === undefined ? gate.promise : handler(socket, context))
        })
      })
      .build()
    await host.startAsync()
    return new AcceptingHost(host, logs, waiting)
  }

  get port(): number {
    return Number(new URL(this.host.serverFeatures.getRequired(ServerAddressesFeature).addresses[0]!).port)
  }

  async connectAsync(): Promise<Peer> {
    const peer = await Peer.connectAsync(this.port)
    this.#peers.push(peer)
    return peer
  }

  /** A socket whose opening handshake is done. */
  async acceptAsync(headers: Record<string, string | null> = {}): Promise<Accepted> {
    const peer = await this.connectAsync()
    const accepted = this.nextAccepted()
    const head = await peer.handshakeAsync(headers)
    if (!isAccepted(head)) throw new Error(`The handshake was refused: ${head}`)
    return { peer, ...(await accepted) }
  }

  /** The next socket that is accepted, whoever connects. */
  nextAccepted(): Promise<Omit<Accepted, 'peer'>> {
    const accepted = new Deferred<Omit<Accepted, 'peer'>>()
    this.#accepted.push(accepted)
    return accepted.promise
  }

  /** The entries of the WebSocket middleware. */
  logged(level: LogLevel): string[] {
    return this.logs.filter(entry => entry.level === level && entry.category.startsWith('Windhover.WebSockets')).map(entry => entry.message)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const peer of this.#peers) peer.destroy()
    await this.host.stopAsync(AbortSignal.abort())
    await this.host[Symbol.asyncDispose]()
  }
}
