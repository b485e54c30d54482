import {
  FeatureCollection,
  type FeatureSource,
  HttpContext,
  type LogEntry,
  Logger,
  LoggerFactory,
  type RequestDelegate,
  ServerAddressesFeature,
} from '@windhover/core'
import { HttpApplication, NodeServer, type NodeServerOptions } from '@windhover/hosting'
import { RawClient } from './raw-client.ts'

/** Runs one delegate for every request, and keeps what the server told about how requests ended. */
export class DelegateApplication extends HttpApplication<HttpContext> {
  readonly #handle: RequestDelegate
  /** What the requests ended with, undefined for those that went well. */
  readonly outcomes: unknown[] = []

  constructor(handle: RequestDelegate) {
    super()
    this.#handle = handle
  }

  createContext(features: FeatureSource): HttpContext {
    return new HttpContext(new FeatureCollection(features))
  }

  processRequestAsync(context: HttpContext): Promise<void> | void {
    return this.#handle(context)
  }

  disposeContext(context: HttpContext, error?: unknown): void {
    this.outcomes.push(error)
    context.features.close()
  }
}

/** A factory whose loggers keep their entries, or fail. */
export class KeptLog extends LoggerFactory {
  override readonly includeScopes: boolean = false
  readonly entries: LogEntry[] = []
  fails = false

  override createLogger(category: string): Logger {
    return new KeptLogger(category, this)
  }

  override addProvider(): void {}

  /** Level, event and what was thrown, for each entry. */
  get summary(): unknown[] {
    return this.entries.map(({ level, eventId, exception }) => [level, eventId.id, exception])
  }
}

class KeptLogger extends Logger {
  readonly #log: KeptLog

  constructor(category: string, log: KeptLog) {
    super(category)
    this.#log = log
  }

  override isEnabled(): boolean {
    return true
  }

  override write(entry: LogEntry): void {
    if (this.#log.fails) throw new Error('The logger has failed.')
    this.#log.entries.push(entry)
  }
}

/** A `NodeServer` on a free port of 127.0.0.1, with its log. Disposing it stops it at once. */
export class RunningServer implements AsyncDisposable {
  readonly server: NodeServer
  readonly application: DelegateApplication
  readonly log: KeptLog
  readonly port: number
  readonly #clients: RawClient[] = []

  private constructor(server: NodeServer, application: DelegateApplication, log: KeptLog, port: number) {
    this.server = server
    this.application = application
    this.log = log
    this.port = port
  }

  static async startAsync(handle: RequestDelegate, options: NodeServerOptions = {}): Promise<RunningServer> {
    const log = new KeptLog()
    const server = new NodeServer({ listen: 'http://127.0.0.1:0', ...options }, log)
    const application = new DelegateApplication(handle)
    await server.startAsync(application)
    const [address] = server.features.getRequired(ServerAddressesFeature).addresses
    return new RunningServer(server, application, log, Number(new URL(address!).port))
  }

  async connectAsync(): Promise<RawClient> {
    const client = await RawClient.connectAsync(this.port)
    this.#clients.push(client)
    return client
  }

  /** Sends bytes on a connection of their own, and gives everything that comes until the server closes it. */
  async exchangeAsync(bytes: string): Promise<string> {
    const client = await this.connectAsync()
    client.send(bytes)
    return client.restAsync()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.destroy()
    await this.server[Symbol.asyncDispose]()
  }
}

/** A request without a body, `Connection: close` included. */
export function get(path: string, ...headers: readonly string[]): string {
  return ['GET ', path, ' HTTP/1.1\r\nHost: h\r\nConnection: close\r\n', ...headers.map(header => `${header}\r\n`), '\r\n'].join('')
}
