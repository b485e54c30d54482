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
type ServerSocket = Duplex & { readonly [connectionKey]?: NodeConnection; destroySoon?(): void } & ConnectionAddresses

const connectionKey: unique symbol = Symbol('connection')

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
  #queued: NodeExchange[] | undefined
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

  get addresses(): ConnectionAddresses {
    return this.#info ?? this.socket
  }

  /** The exchange whose bytes come or go now; later ones of a pipeline wait behind it. */
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

  begin(exchange: NodeExchange): void {
    if (this.#current === undefined) {
      this.#current = exchange
      return
    }
    this.#queued ??= []
    this.#queued.push(exchange)
  }

  /** The delegate has ended. */
  end(exchange: NodeExchange): void {
    if (this.#current === exchange) {
      this.#current = this.#queued?.shift()
      return
    }
    const at = this.#queued?.indexOf(exchange) ?? -1
    if (at >= 0) this.#queued!.splice(at, 1)
  }

  /** The last byte of a response is out. */
  responseFinished(): void {
    this.#unfinished--
    if (this.#unfinished > 0 || this.#whenFinished === undefined) return
    const proceed = this.#whenFinished
    this.#whenFinished = undefined
    proceed()
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
    this.#current?.connectionClosed()
    for (const exchange of this.#queued ?? []) exchange.connectionClosed()
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
