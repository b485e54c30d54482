import { performance } from 'node:perf_hooks'
/** What a sweep looks after. */
export interface Swept {
  /** `now` is the time of the process in whole milliseconds. */
  sweep(now: number): void
}

/** What a timer of Node takes, in milliseconds; it fires at once for more. */
export const longestTimer = 0x7fff_ffff

/** The three ways of keep-alive (System.Net.WebSockets): nothing, a PONG every interval that asks for nothing, or a PING that must be answered. */
export type KeepAliveMode = 'off' | 'pong' | 'ping'

/**
 * One timer for all sockets with the same times, and none while there is no socket. Its period is a quarter of the shortest time, so that each of them is kept to within a quarter.
 */
export class KeepAlive<Socket extends Swept = Swept> {
  readonly mode: KeepAliveMode
  readonly interval: number
  readonly timeout: number
  readonly unreadTimeout: number
  readonly #period: number
  readonly #sockets: Set<Socket> = new Set()
  #timer: NodeJS.Timeout | undefined

  constructor(interval: number, timeout: number, unreadTimeout: number) {
    this.mode = !isOn(interval) ? 'off' : isOn(timeout) ? 'ping' : 'pong'
    this.interval = interval
    this.timeout = timeout
    this.unreadTimeout = unreadTimeout
    const shortest = Math.min(unreadTimeout, this.mode === 'off' ? Infinity : interval, this.mode === 'ping' ? timeout : Infinity)
    this.#period = Math.min(Math.max(1, Math.floor(shortest / 4)), longestTimer)
  }

  /** The sockets whose connection is open. */
  get sockets(): ReadonlySet<Socket> {
    return this.#sockets
  }

  add(socket: Socket): void {
    this.#sockets.add(socket)
    this.#timer ??= setInterval(sweepAll, this.#period, this.#sockets).unref()
  }

  delete(socket: Socket): void {
    this.#sockets.delete(socket)
    if (this.#sockets.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}

function isOn(time: number): boolean {
  return time > 0 && time !== Infinity
}

function sweepAll(sockets: Set<Swept>): void {
  const now = processTime()
  for (const socket of sockets) socket.sweep(now)
}

/** Whole milliseconds, because small integers need no memory of their own. */
export function processTime(): number {
  return Math.floor(performance.now())
}
