import { type Duplex, duplexPair } from 'node:stream'
import {
  ApplicationBuilder,
  HttpContext,
  HttpExtendedConnectFeature,
  HttpRequestTimeoutFeature,
  HttpUpgradeFeature,
  LogLevel,
  type RequestDelegate,
  ServiceCollection,
} from '@windhover/core'
import type { WebSocketOptions } from '@windhover/websockets'
import '@windhover/websockets'
import { CollectedLogs } from '../../support/collected-logs.ts'

export const handshakeHeaders = {
  Host: 'test.example',
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
}

export interface HandshakeContextOptions {
  /** Replace headers of a valid handshake; null leaves one out, a list makes several lines. */
  readonly headers?: Record<string, string | readonly string[] | null>
  readonly method?: string
  /** What the server says; `none`: it offers no upgrade. Default true. */
  readonly isUpgradable?: boolean | 'none'
  /** An extended CONNECT of HTTP/2 with this protocol. */
  readonly connectProtocol?: string
}

/** A request without a server: its upgrade gives one end of a pair of streams, and counts. */
export class HandshakeContext extends HttpContext {
  upgrades = 0
  timeoutIsDisabled = false
  upgradeError: Error | undefined

  constructor({ headers = {}, method = 'GET', isUpgradable = true, connectProtocol }: HandshakeContextOptions = {}) {
    super()
    this.request.method = method
    for (const [name, value] of Object.entries({ ...handshakeHeaders, ...headers }))
      if (value !== null) this.request.headers.set(name, value)
    const open = async (): Promise<Duplex> => {
      if (this.upgradeError !== undefined) throw this.upgradeError
      this.upgrades++
      return duplexPair()[0]
    }
    if (isUpgradable !== 'none' && connectProtocol === undefined)
      this.features.set(HttpUpgradeFeature, { isUpgradableRequest: isUpgradable, upgradeAsync: open })
    if (connectProtocol !== undefined)
      this.features.set(HttpExtendedConnectFeature, { isExtendedConnect: true, protocol: connectProtocol, acceptAsync: open })
    this.features.set(HttpRequestTimeoutFeature, {
      requestTimeoutToken: new AbortController().signal,
      disableTimeout: () => {
        this.timeoutIsDisabled = true
      },
    })
  }
}

/** A pipeline of `useWebSockets` and a handler, with its log. */
export class WebSocketsPipeline {
  readonly #logs = new CollectedLogs()
  readonly logs = this.#logs.entries
  readonly #delegate: RequestDelegate

  constructor(handler: RequestDelegate, ...options: (Partial<WebSocketOptions> | undefined)[]) {
    const services = new ServiceCollection().addLogging(logging => logging.addProvider(this.#logs).setMinimumLevel(LogLevel.Debug))
    const app = new ApplicationBuilder(services.buildServiceProvider())
    for (const each of options.length === 0 ? [undefined] : options) app.useWebSockets(each)
    app.run(handler)
    this.#delegate = app.build()
  }

  async runAsync(context: HttpContext): Promise<void> {
    await this.#delegate(context)
  }

  logged(level: LogLevel): string[] {
    return this.logs.filter(entry => entry.level === level).map(entry => entry.message)
  }
}

/** Runs a handshake through `useWebSockets` and answers what its handler saw. */
export async function probeAsync<T>(
  options: HandshakeContextOptions,
  probe: (context: HandshakeContext) => T | Promise<T>,
  ...middlewares: (Partial<WebSocketOptions> | undefined)[]
): Promise<T | undefined> {
  const context = new HandshakeContext(options)
  let seen: T | undefined
  const pipeline = new WebSocketsPipeline(
    async () => {
      seen = await probe(context)
    },
    ...(middlewares.length === 0 ? [{ allowedOrigins: ['*'], closeTimeout: 1 }] : middlewares),
  )
  await pipeline.runAsync(context)
  return seen
}
