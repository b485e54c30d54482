import type { Duplex } from 'node:stream'
import type { HttpEngine } from './http-engine.ts'
import type { NodeExchange } from './node-exchange.ts'

/** Where a connection comes from, for transports that cannot tell. */
export interface ConnectionAddresses {
  readonly remoteAddress?: string
  readonly remotePort?: number
  readonly localAddress?: string
  readonly localPort?: number
}

/** A socket as Node's server knows it. Other duplexes lack what belongs to TCP. */
type ServerSocket = Duplex & {
  readonly [connectionKey]?: NodeConnection
  readonly encrypted?: boolean
  destroySoon?(): void
} & ConnectionAddresses

const connectionKey: unique symbol = Symbol('connection')

/** How many requests of a pipeline may wait before the connection is read no further. */
const maxWaiting = 64

let nextNumber = 1
/** Tells the connections of this process from those of an earlier one in the same log. */
const processPart = Date.now().toString(36).toUpperCase()

/** One client's connection: the exchanges on it, and what happens to them when it ends. */
export class NodeConnection {
  readonly engine: HttpEngine
  readonly socket: ServerSocket
  readonly #number = nextNumber++
  readonly #info: ConnectionAddresses | undefined
  #current: NodeExchange | undefined
  #waiting: (() => void)[] | undefined
  #unfinished = 0
  #requests = 0
  #whenFinished: (() => void) | undefined
  #onDrain: (() => void) | undefined
  /** Set for the request that is handed back to the parser: its header lines as they came. */
  rawHeaders: string[] | undefined = undefined
  /** The peer has sent what no request can follow. */
  isBroken = false
  /** The stream belongs to the application. */
  isUpgraded = false
  /** No request may follow the response that is on its way. */
  closesWhenFinished = false

  constructor(engine: HttpEngine, socket: Duplex, info?: ConnectionAddresses) {
    this.engine = engine
    this.socket = socket as ServerSocket
    this.#info = info
    Object.defineProperty(socket, connectionKey, { value: this })
  }

  static of(socket: Duplex): NodeConnection | undefined {
    return (socket as ServerSocket)[connectionKey]
  }

  get id(): string {
    return `${processPart}${this.#number.toString(36).toUpperCase().padStart(4, '0')}`
  }

  /** A socket of TLS says that it is encrypted. */
  get scheme(): 'http' | 'https' {
    return this.socket.encrypted === true ? 'https' : 'http'
  }

  get addresses(): ConnectionAddresses {
    return this.#info ?? this.socket
  }

  /** The exchange in the pipeline. Requests that came behind it wait. */
  get current(): NodeExchange | undefined {
    return this.#current
  }

  /** No request is on its way and no response is unsent. */
  get isIdle(): boolean {
    return this.#unfinished === 0 && this.#current === undefined
  }

  nextRequestNumber(): number {
    return ++this.#requests
  }

  /** A response is to come, of the pipeline or of the server itself. */
  responseBegins(): void {
    this.#unfinished++
  }

  /**
   * Starts a request when those before it have been through the pipeline: like Kestrel, and unlike Node by itself, a connection has one request at work at a
   * time. When many wait, no more are read.
   */
  wait(start: () => void): void {
    this.#waiting ??= []
    this.#waiting.push(start)
    if (this.#waiting.length === maxWaiting) process.nextTick(() => this.socket.pause())
  }

  begin(exchange: NodeExchange): void {
    this.#current = exchange
  }

  /** The delegate has ended: the next request gets its turn, unless none may follow. */
  end(): void {
    this.#current = undefined
    if (this.#waiting === undefined) return
    while (this.#current === undefined && this.#waiting.length > 0 && !this.closesWhenFinished) this.#waiting.shift()!()
    if (this.#waiting.length > 0 && !this.closesWhenFinished) return
    this.#waiting = undefined
    this.socket.resume()
  }

  /** The last byte of a response is out. */
  responseFinished(): void {
    this.#unfinished--
    if (this.#unfinished > 0 || this.#whenFinished === undefined) return
    // Node has still to do with the response that has just ended.
    process.nextTick(this.#whenFinished)
    this.#whenFinished = undefined
  }

  /** Calls back when every response before this moment is out, at once when there is none. */
  whenFinished(proceed: () => void): void {
    if (this.#unfinished === 0) proceed()
    else this.#whenFinished = proceed
  }

  /** Node's own listener for `drain` is gone once a request wants an upgrade: responses on their way still need it. */
  forwardDrains(): void {
    this.#onDrain ??= () => this.#current?.response.drained()
    this.socket.off('drain', this.#onDrain).on('drain', this.#onDrain)
  }

  stopForwardingDrains(): void {
    if (this.#onDrain !== undefined) this.socket.off('drain', this.#onDrain)
  }

  /** The socket has closed: whoever is still at work hears of it. */
  closed(): void {
    this.#waiting = undefined
    this.#current?.connectionClosed()
  }

  /** Sends what is written and ends the connection. */
  endSoon(): void {
    const { socket } = this
    if (socket.destroySoon !== undefined) {
      socket.destroySoon()
      return
    }
    socket.end(() => socket.destroy())
  }
}
