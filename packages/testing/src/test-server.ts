import { type HttpContext, type LogEntry, type ServiceProvider, WindhoverException } from '@windhover/core'
import { Server, type WebHost } from '@windhover/hosting'
import { buildTestHost, type TestApplication } from './build-test-host.ts'
import { connectWebSocketOver, type TestWebSocketOptions } from './client/connect-web-socket.ts'
import { fetchOver } from './client/fetch.ts'
import { outgoingBody } from './client/request-body.ts'
import type { TestWebSocket } from './client/test-web-socket.ts'
import type { MemorySocket } from './connections/memory-socket.ts'
import { type ConnectionOptions, openConnection } from './connections/open-connection.ts'
import { TestTimeoutException } from './errors/test-timeout-exception.ts'
import { testingErrors } from './errors/testing-errors.ts'
import type { Exchange } from './exchanges/exchange.ts'
import { Exchanges } from './exchanges/exchanges.ts'
import { within } from './exchanges/within.ts'
import { TestResponseFeature } from './features/test-response-feature.ts'
import { CollectingLoggerProvider } from './logging/collecting-logger-provider.ts'
import type { InMemoryServer } from './server/in-memory-server.ts'
import { type ResolvedTestServerOptions, resolveTestServerOptions, type TestServerOptions } from './test-server-options.ts'

/** What a request of a test says beyond the web's `RequestInit`. */
export interface TestRequestInit extends RequestInit {
  /** The addresses that the request's connection shows. */
  connection?: ConnectionOptions
}

/** How long a stop waits before it ends responses that the test does not read, in milliseconds. */
const unreadGrace = 100

// Held from the start: a test that replaces the clock can still stop its server.
const { setTimeout, clearTimeout } = globalThis

/**
 * Runs an application in the test's own process, without a port: the real `NodeServer` over connections in memory, with Node's HTTP parser, the real handshake, origin
 * check and frame codec. What the application throws is thrown to the test. (ASP.NET Core: TestServer)
 *
 * Not the same as over TCP: the time-outs of slow or idle connections do not run. Test those with a real port.
 */
export class TestServer implements AsyncDisposable {
  readonly #host: WebHost
  readonly #server: InMemoryServer
  readonly #options: ResolvedTestServerOptions
  readonly #exchanges: Exchanges
  readonly #logs: CollectingLoggerProvider
  #stopping: Promise<void> | undefined

  private constructor(
    host: WebHost,
    server: InMemoryServer,
    options: ResolvedTestServerOptions,
    exchanges: Exchanges,
    logs: CollectingLoggerProvider,
  ) {
    this.#host = host
    this.#server = server
    this.#options = options
    this.#exchanges = exchanges
    this.#logs = logs
  }

  /**
   * Builds and starts the application: a function that adds its middleware, a `Startup` class, or a `WebHostBuilder`. Rejects with what its start throws.
   * Raises an argument error for options that are none.
   */
  static async startAsync(application: TestApplication, options?: TestServerOptions): Promise<TestServer> {
    const resolved = resolveTestServerOptions(options)
    const exchanges = new Exchanges(resolved)
    const logs = new CollectingLoggerProvider()
    const host = buildTestHost(application, resolved, exchanges, logs)
    try {
      await host.startAsync()
    } catch (error) {
      await host[Symbol.asyncDispose]()
      throw error
    }
    return new TestServer(host, host.services.getRequiredService(Server) as InMemoryServer, resolved, exchanges, logs)
  }

  /** Where requests go that name no host. */
  get baseAddress(): string {
    return this.#options.baseAddress
  }

  get host(): WebHost {
    return this.#host
  }

  /** The application's own services. */
  get services(): ServiceProvider {
    return this.#host.services
  }

  /** Every entry that was logged up to now, of all levels and categories. */
  get logs(): readonly LogEntry[] {
    return this.#logs.entries
  }

  /**
   * Sends a request like the web's `fetch` and resolves when the response starts; both bodies stream. It follows no redirects, keeps no cookies and decodes nothing: the test
   * sees the application's own answer.
   *
   * Rejects with what the application throws before its response starts; what it throws later fails the body. A bad-request error stays the answer that the server makes of it.
   */
  async fetch(input: string | URL | Request, init: TestRequestInit = {}): Promise<Response> {
    const request = input instanceof Request ? new Request(input, init) : new Request(new URL(input, this.baseAddress), streamed(init))
    request.signal.throwIfAborted()
    const body = await outgoingBody(request, init.body)
    const { pathname, search } = new URL(request.url)
    const exchange = this.#open(`${request.method} ${pathname}${search}`, init.connection)
    return this.#awaitAsync(exchange, fetchOver(exchange, request, body))
  }

  /**
   * Opens a WebSocket by a real handshake and resolves with the client's end, a `WebSocket` of the package `ws`. Rejects with a `HandshakeRejectedException` when
   * the answer is not 101, and with what the application throws before it accepts.
   */
  async connectWebSocketAsync(path: string | URL, options: TestWebSocketOptions = {}): Promise<TestWebSocket> {
    const url = new URL(path, this.baseAddress)
    url.protocol = url.protocol.replace('http', 'ws')
    const exchange = this.#open(`GET ${url.pathname}${url.search}`, options.connection)
    return this.#awaitAsync(exchange, connectWebSocketOver(exchange, url, options))
  }

  /**
   * Sends one request through the pipeline. `configureContext` gets its context before the first middleware, to set method, path, headers, user or items. Resolves with that context
   * once the request has ended; it stays readable, and its `TestResponseFeature` holds the response. (ASP.NET Core: TestServer.SendAsync)
   */
  async sendAsync(configureContext: (context: HttpContext) => void): Promise<HttpContext> {
    const exchange = this.#open('the request of sendAsync()')
    let context!: HttpContext
    exchange.receiveContext = received => {
      context = received
      configureContext(received)
    }
    const response = await this.#awaitAsync(exchange, fetchOver(exchange, new Request(this.baseAddress)))
    const body = response.body === null ? null : await response.arrayBuffer()
    await exchange.within('the end of its request', exchange.outcome).catch(error => {
      exchange.observe()
      if (error instanceof TestTimeoutException || exchange.failure !== undefined) throw error
    })
    context.features.set(TestResponseFeature, new Response(body, response))
    return context
  }

  /** Opens a connection for a test that writes and reads the bytes itself. */
  connect(options?: ConnectionOptions): MemorySocket {
    if (this.#stopping !== undefined) throw testingErrors.serverStopped('connect()')
    const pair = openConnection(this.#options, options)
    this.#exchanges.addConnection(pair)
    this.#server.connect(pair.server)
    return pair.client
  }

  /**
   * Stops the application as its host does, and ends every connection. Rejects when a request is still running afterwards, and with what the application threw after a
   * response had been read. A second call waits for the first.
   */
  stopAsync(): Promise<void> {
    this.#stopping ??= this.#stopOnceAsync()
    return this.#stopping
  }

  /**
   * Stops the application and disposes its services. A request that still runs is only a warning of the process here: thrown at the end of an `await using` block it would hide the
   * failed assertion that most often is its cause.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.stopAsync()
    } catch (error) {
      if (!isUnfinishedRequests(error)) throw error
      process.emitWarning(error)
    } finally {
      await this.#host[Symbol.asyncDispose]()
    }
  }

  #open(name: string, options?: ConnectionOptions): Exchange {
    if (this.#stopping !== undefined) throw testingErrors.serverStopped(name)
    return this.#exchanges.open(name, this.connect(options))
  }

  async #awaitAsync<T>(exchange: Exchange, answer: Promise<T>): Promise<T> {
    try {
      return await exchange.within(`a response to ${exchange.name}`, answer)
    } catch (error) {
      if (error instanceof TestTimeoutException) exchange.abandon()
      throw this.#stopping !== undefined && !exchange.hasEnded ? testingErrors.stoppedWhileWaiting(exchange.name) : error
    }
  }

  async #stopOnceAsync(): Promise<void> {
    const { timeout } = this.#options
    const hurry = new AbortController()
    const timers = [
      setTimeout(() => {
        for (const exchange of this.#exchanges) if (exchange.isUnread) exchange.abandon()
      }, unreadGrace),
      ...(timeout === Number.POSITIVE_INFINITY ? [] : [setTimeout(() => hurry.abort(), timeout / 2)]),
    ]
    try {
      await within(timeout, 'the host to stop', () => 'a hosted service does not end', this.#host.stopAsync(hurry.signal))
    } catch (error) {
      // A request that runs on says more than the wait for it.
      if (!(error instanceof TestTimeoutException) || this.#running.length === 0) throw error
    } finally {
      for (const timer of timers) clearTimeout(timer)
      for (const connection of this.#exchanges.connections) connection.destroy()
    }
    if (this.#running.length > 0) throw testingErrors.unfinishedRequests(this.#running)
    this.#throwUnobserved()
  }

  get #running(): string[] {
    return [...this.#exchanges].filter(exchange => exchange.isRunning).map(String)
  }

  #throwUnobserved(): void {
    const errors = [...this.#exchanges].filter(exchange => exchange.hasUnobservedFailure).map(exchange => exchange.failure!.error)
    if (errors.length > 1) throw testingErrors.unobservedErrors(errors)
    if (errors.length === 1) throw errors[0]
  }
}

function isUnfinishedRequests(error: unknown): error is WindhoverException {
  return error instanceof WindhoverException && error.code === 'WINDHOVER_ERR_TEST_UNFINISHED_REQUESTS'
}

/** Node's `Request` demands to be told that a stream may be read while the response comes. */
function streamed(init: RequestInit): RequestInit {
  return { duplex: 'half', ...init }
}
