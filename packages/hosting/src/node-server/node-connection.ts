import type { Duplex } from 'node:stream'
import { setImmediate } from 'node:timers'
import { connectionId, takeConnectionNumber } from './connection-number.ts'
import type { ExchangeConnection } from './exchange-connection.ts'
import type { HttpEngine } from './http-engine.ts'
import type { NodeExchange } from './node-exchange.ts'
import type { OpenConnection } from './open-connections.ts'
import type { RequestMessage } from './request-message.ts'

/** Where a connection comes from, for transports that cannot tell. */
export interface ConnectionAddresses {
  readonly remoteAddress?: string
  readonly remotePort?: number
  readonly localAddress?: string
  readonly localPort?: number
}

/** A socket as Node's server knows it. Other duplexes lack what belongs to TCP. */
type ServerSocket = Duplex &
  ConnectionAddresses & {
    [connectionKey]?: NodeConnection
    readonly encrypted?: boolean
    readonly bytesRead?: number
    readonly bytesWritten?: number
    destroySoon?(): void
  }

const connectionKey: unique symbol = Symbol('connection')

/** How many requests of a pipeline may wait before the connection is read no further. */
const maxWaiting = 64
/** How many of them start in one turn of the event loop: the rest of a packet, which may hold two thousand, leaves the other connections their turn. */
const maxStartedInTurn = 16

/** One client's connection: its requests in turn, and what happens to them when it ends. */
export class NodeConnection implements ExchangeConnection, OpenConnection {
  readonly engine: HttpEngine
  readonly socket: ServerSocket
  /** Set for the request that is handed back to the parser: its header lines as they came. */
  rawHeaders: string[] | undefined = undefined
  /** The peer has sent what no request can follow. */
  isBroken = false
  /** No request may follow the response that is on its way. */
  closesWhenFinished = false
  readonly #number = takeConnectionNumber()
  readonly #addresses: ConnectionAddresses | undefined
  #current: NodeExchange | undefined
  #waiting: (() => void)[] | undefined
  #startedInTurn = 0
  #unfinished = 0
  #requests = 0
  #whenIdle: (() => void) | undefined
  #onDrain: (() => void) | undefined
  #isLingering = false
  #isParsed = true
  #bytesBefore: number | undefined = 0

  constructor(engine: HttpEngine, socket: Duplex, addresses?: ConnectionAddresses) {
    this.engine = engine
    this.socket = socket as ServerSocket
    this.#addresses = addresses
    this.socket[connectionKey] = this
  }

  static of(socket: Duplex): NodeConnection | undefined {
    return (socket as ServerSocket)[connectionKey]
  }

  get id(): string {
    return connectionId(this.#number)
  }

  /** A socket of TLS says that it is encrypted. */
  get scheme(): 'http' | 'https' {
    return this.socket.encrypted === true ? 'https' : 'http'
  }

  get addresses(): ConnectionAddresses {
    return this.#addresses ?? this.socket
  }

  /** The exchange in the pipeline. Requests that came behind it wait. */
  get current(): NodeExchange | undefined {
    return this.#current
  }

  /** No request is under way and no response is unsent. */
  get isIdle(): boolean {
    return this.#unfinished === 0 && this.#current === undefined
  }

  get isEndedHere(): boolean {
    return this.socket.writableEnded
  }

  /** Nothing has come since the parser got the socket. */
  get isSilent(): boolean {
    return this.#bytesBefore !== undefined && this.socket.bytesRead === this.#bytesBefore
  }

  /** A request is in the pipeline, or others wait for their turn: a further one comes behind them. */
  get isBusy(): boolean {
    return this.#current !== undefined || this.#waiting !== undefined
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
   * time. While many wait, no more are read.
   */
  wait(start: () => void): void {
    this.#waiting ??= []
    this.#waiting.push(start)
    if (this.#waiting.length >= maxWaiting) process.nextTick(() => this.#pause())
  }

  #pause(): void {
    if (this.#isParsed) this.socket.pause()
  }

  begin(exchange: NodeExchange): void {
    this.#current = exchange
  }

  /** The delegate has ended: the next request gets its turn, unless none may follow. */
  end(): void {
    this.#current = undefined
    if (this.#waiting !== undefined) this.#startWaiting(this.#waiting)
    this.#checkIdle()
  }

  #startWaiting(waiting: (() => void)[]): void {
    while (this.#current === undefined && waiting.length > 0 && !this.closesWhenFinished) {
      // Requests that end at once come by here from within each other; the first that may not start asks for a turn.
      if (++this.#startedInTurn > maxStartedInTurn) {
        if (this.#startedInTurn === maxStartedInTurn + 1) setImmediate(() => this.#nextTurn(waiting))
        return
      }
      waiting.shift()!()
    }
    if (waiting.length > 0 && !this.closesWhenFinished) return
    this.#waiting = undefined
    if (this.#isParsed) this.socket.resume()
    // Behind the last response nobody answers any more.
    this.#unfinished -= waiting.length
    if (waiting.length > 0 && this.#unfinished === 0) this.endSoon()
  }

  #nextTurn(waiting: (() => void)[]): void {
    this.#startedInTurn = 0
    if (this.#waiting === waiting) this.#startWaiting(waiting)
  }

  /** The last byte of a response is out. */
  responseFinished(isBodyComplete: boolean): void {
    this.#unfinished--
    // The response that ends the connection may be behind this one.
    if (this.closesWhenFinished && this.#unfinished === 0) this.endSoon(!isBodyComplete)
    this.#checkIdle()
  }

  #checkIdle(): void {
    if (!this.isIdle) return
    if (!this.engine.isRunning) this.endSoon()
    if (this.#whenIdle === undefined) return
    // Node has still to do with the response that has just ended.
    process.nextTick(this.#whenIdle)
    this.#whenIdle = undefined
  }

  /** Calls back once no earlier request is under way, at once when there is none. */
  whenIdle(proceed: () => void): void {
    if (this.isIdle) proceed()
    else this.#whenIdle = proceed
  }

  /**
   * The parser has given the socket away: whoever reads it next is the one to let it flow, and what Node did at its `drain` for responses on their way is to be done
   * here.
   */
  parserLeft(): void {
    this.#isParsed = false
    if (!this.isIdle) this.forwardDrains()
  }

  forwardDrains(): void {
    if (this.#onDrain !== undefined) return
    this.#onDrain = () => this.#current?.response.drained()
    this.socket.on('drain', this.#onDrain)
  }

  stopForwardingDrains(): void {
    if (this.#onDrain !== undefined) this.socket.off('drain', this.#onDrain)
    this.#onDrain = undefined
  }

  /** The parser gets the socket, for the first time or again. */
  parserBegins(): void {
    this.#isParsed = true
    this.#bytesBefore = this.socket.bytesRead
    this.stopForwardingDrains()
  }

  abort(): void {
    // Requests behind this one would run for a peer that is told nothing any more.
    this.closesWhenFinished = true
    this.socket.destroy()
  }

  drainBody(message: RequestMessage): void {
    this.engine.drainBody(this, message)
  }

  /** The response to a request that the parser had stepped back from is out. */
  detachedFinished(keepsAlive: boolean): void {
    if (keepsAlive && !this.closesWhenFinished && this.engine.isRunning) this.engine.parse(this)
    else this.endSoon()
  }

  /** The socket has closed: whoever is still at work hears of it. */
  closed(): void {
    this.engine.connections.delete(this)
    this.#waiting = undefined
    this.#whenIdle = undefined
    this.#current?.connectionClosed()
  }

  /** Sends what is written and ends the connection. `isPeerSending` says that a part of a request is still to come, which nobody will read. */
  endSoon(isPeerSending: boolean = this.isBroken): void {
    if (isPeerSending && this.engine.isRunning) this.#linger()
    else if (!this.#isLingering) this.#destroySoon()
  }

  /** A request that is under way gets its answer; what only lingers is no longer waited for. */
  stop(): void {
    if (!this.isIdle) return
    if (this.#isLingering) this.socket.destroy()
    else this.#destroySoon()
  }

  #destroySoon(): void {
    const { socket } = this
    if (socket.destroySoon !== undefined) socket.destroySoon()
    else socket.end(() => socket.destroy())
  }

  /**
   * Ends our side, and drops what comes until the peer ends its own or the time is over: closing under a peer that is still sending would reset the connection,
   * and a reset takes the response away from a peer that has not read it yet (RFC 9112 section 9.6).
   */
  #linger(): void {
    if (this.#isLingering) return
    this.#isLingering = true
    const { socket } = this
    // Node calls it behind the last response of a connection.
    socket.destroySoon = () => {}
    socket.end()
    socket.resume()
    const timer = setTimeout(() => socket.destroy(), this.engine.options.limits.bodyDrainTimeout).unref()
    socket.once('close', () => clearTimeout(timer))
  }
}
