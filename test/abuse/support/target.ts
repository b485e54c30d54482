import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import '@windhover/websockets'
import { type ApplicationBuilder, LogLevel, ServerAddressesFeature } from '@windhover/core'
import { type NodeServer, type NodeServerLimits, Server, WebHostBuilder } from '@windhover/hosting'
import { MemorySocket } from '@windhover/testing'
import type { WebSocketOptions } from '@windhover/websockets'
import { afterAll, beforeAll, expect } from 'vitest'
import { KeptWarnings } from './kept-warnings.ts'
import { Peer } from './peer.ts'
import { Residue } from './residue.ts'
import { until } from './scale.ts'

export interface TargetOptions {
  webSockets?: Partial<WebSocketOptions>
  limits?: NodeServerLimits
  /** The builder of the host. Default: an empty one, without console and files. */
  builder?: WebHostBuilder
  /** Adds to the builder of the host. */
  build?: (builder: WebHostBuilder) => void
}

/** A whole host in the process of the test, with connections over TCP or in memory. `GET /` answers `alive`; everything else is the application's. */
export class Target implements AsyncDisposable {
  readonly #host: ReturnType<WebHostBuilder['build']>
  readonly #counter: RequestCounter
  readonly #log: KeptWarnings
  readonly #peers = new Set<Peer>()

  private constructor(host: ReturnType<WebHostBuilder['build']>, counter: RequestCounter, log: KeptWarnings) {
    this.#host = host
    this.#counter = counter
    this.#log = log
  }

  static async startAsync(configure: (app: ApplicationBuilder) => void, options: TargetOptions = {}): Promise<Target> {
    const counter = new RequestCounter()
    const log = new KeptWarnings()
    const builder = (options.builder ?? new WebHostBuilder())
      .useNodeServer({ limits: options.limits ?? {} })
      .useUrls('http://127.0.0.1:0')
      .suppressStatusMessages()
      .configureLogging(logging => logging.addProvider(log).addFilter(KeptWarnings, undefined, LogLevel.Trace))
      .configure(app => {
        counter.use(app)
        app.use((context, next) => {
          const { path, headers } = context.request
          return path === '/' && !headers.has('upgrade') ? context.response.writeAsync('alive') : next(context)
        })
        app.useWebSockets(options.webSockets)
        configure(app)
      })
    options.build?.(builder)
    const host = builder.build()
    await host.startAsync()
    return new Target(host, counter, log)
  }

  get host(): ReturnType<WebHostBuilder['build']> {
    return this.#host
  }

  get port(): number {
    return Number(new URL(this.#host.serverFeatures.getRequired(ServerAddressesFeature).addresses[0]!).port)
  }

  /** How many requests are in the pipeline. */
  get running(): number {
    return this.#counter.running
  }

  /** Warnings and errors that were logged since the last call. */
  takeWarnings(): string[] {
    return this.#log.entries.splice(0).map(({ message }) => message)
  }

  /** The text of everything that is logged while `run` runs. */
  async textsAsync(run: () => Promise<void>): Promise<string[]> {
    const texts: string[] = []
    this.#log.texts = texts
    await run()
    this.#log.texts = undefined
    return texts
  }

  /** A connection in memory, for attacks whose subject is not TCP. */
  connect(): Peer {
    const addresses = { localAddress: '127.0.0.1', localPort: this.port, remoteAddress: '127.0.0.1', remotePort: 50_000 }
    const { client, server } = MemorySocket.pair(addresses)
    ;(this.#host.services.getRequiredService(Server) as NodeServer).connect(server)
    return this.#keep(new Peer(client))
  }

  async connectTcpAsync(): Promise<Peer> {
    const socket: Socket = connect({ port: this.port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    await once(socket, 'connect')
    return this.#keep(new Peer(socket))
  }

  #keep(peer: Peer): Peer {
    this.#peers.add(peer)
    peer.connection.once('close', () => this.#peers.delete(peer))
    return peer
  }

  /** Runs an attack. Afterwards, when its connections are closed, no request is left in the pipeline, `/` answers, and heap and handles are back where they were. */
  async attackAsync(attack: () => Promise<void>): Promise<void> {
    await this.answersAsync()
    await until('no request is under way', () => this.#counter.running === 0)
    const before = await Residue.takeAsync()
    await this.strikeAsync(attack)
    await before.comesBackAsync()
  }

  /** The same for one of many attacks, after which `attackTable` looks what is left. That the process lives is told by the test runner, which reports every error that nobody caught. */
  async strikeAsync(attack: () => Promise<void>): Promise<void> {
    await attack()
    for (const peer of this.#peers) peer.destroy()
    this.#peers.clear()
    await until('the requests of the attack end', () => this.#counter.running === 0)
    await this.answersAsync()
    await until('the request ends', () => this.#counter.running === 0)
    this.#log.entries.length = Math.min(this.#log.entries.length, 100)
  }

  /** `/` answers. Where a test gives the server little patience, a busy machine may need a second connection. */
  async answersAsync(attempts = 5): Promise<void> {
    const peer = await this.connectTcpAsync()
    peer.send('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    const answer = await peer.answerAsync().catch((error: unknown) => error)
    peer.destroy()
    await until('the connection closes', () => peer.connection.closed)
    if (answer instanceof Error && attempts > 1) await this.answersAsync(attempts - 1)
    else expect(answer).toMatchObject({ status: 200, body: 'alive' })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const peer of this.#peers) peer.destroy()
    await this.#host[Symbol.asyncDispose]()
  }
}

/** What many tests may leave behind, of which the test runner itself keeps something. */
const tableAllowance = 10 * 1024 * 1024

/** One target for a table of attacks, which `strikeAsync` runs. When all are over, heap and handles are back where they were. */
export function attackTable(configure: (app: ApplicationBuilder) => void, options?: TargetOptions): () => Target {
  let target: Target
  let before: Residue
  beforeAll(async () => {
    target = await Target.startAsync(configure, options)
    await target.strikeAsync(() => Promise.resolve())
    before = await Residue.takeAsync()
  })
  afterAll(async () => {
    await before.comesBackAsync(tableAllowance)
    await target[Symbol.asyncDispose]()
  })
  return () => target
}

/** How many requests are in the pipeline. */
class RequestCounter {
  running = 0

  use(app: ApplicationBuilder): void {
    app.use(async (context, next) => {
      this.running++
      try {
        await next(context)
      } finally {
        this.running--
      }
    })
  }
}
