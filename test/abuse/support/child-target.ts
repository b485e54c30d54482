import { once } from 'node:events'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { WebSocketOptions } from '@windhover/websockets'
import { expect } from 'vitest'
import { ChildProcess } from '../../support/child-process.ts'
import { Peer } from './peer.ts'

/** What the process of the server holds, and the worst since it was asked before. */
export interface Statistics {
  /** Heap and external memory after a garbage collection, in bytes. */
  readonly held: number
  readonly rss: number
  readonly handles: number
  /** The largest resident memory of the process ever, in bytes. */
  readonly peak: number
  /** The work of the longest turn of the event loop since turns are watched, in milliseconds of the processor. */
  readonly longestTurn: number
}

const program = fileURLToPath(new URL('../programs/target.mjs', import.meta.url))
const allowance = 3 * 1024 * 1024
/** How long the last connections and timers may take to go. */
const patience = 5_000

/** The server of `programs/target.mjs`, for attacks on the memory and the event loop of a process. */
export class ChildTarget implements AsyncDisposable {
  readonly #process: ChildProcess
  readonly port: number

  private constructor(process: ChildProcess, port: number) {
    this.#process = process
    this.port = port
  }

  static async startAsync(options: Partial<WebSocketOptions> = {}): Promise<ChildTarget> {
    const args = [program, '--urls', 'http://127.0.0.1:0', '--Logging:LogLevel:Default', 'Warning']
    const process = new ChildProcess(args, { env: { WEBSOCKETS: JSON.stringify(options), NODE_ENV: 'production' } })
    const [, port] = await process.waitForOutputAsync(/Now listening on: http:\/\/127\.0\.0\.1:(\d+)/)
    return new ChildTarget(process, Number(port))
  }

  get output(): string {
    return this.#process.output
  }

  async connectAsync(): Promise<Peer> {
    const socket = connect({ port: this.port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    await once(socket, 'connect')
    return new Peer(socket)
  }

  /** A WebSocket on one of the handlers of the program. */
  async openAsync(path: string, headers: readonly string[] = []): Promise<Peer> {
    return (await this.connectAsync()).upgradeAsync({ path, headers })
  }

  async statisticsAsync(watch = false): Promise<Statistics> {
    return JSON.parse(await this.getAsync(watch ? '/statistics?watch' : '/statistics'))
  }

  async getAsync(path: string): Promise<string> {
    const peer = await this.connectAsync()
    peer.send(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    const { status, body } = await peer.answerAsync()
    expect(status).toBe(200)
    peer.destroy()
    return body
  }

  /** Runs an attack and tells the worst that it did. Afterwards `/` answers, and heap and handles of the process are back where they were. */
  async attackAsync(attack: () => Promise<void>): Promise<{ growth: number; longestTurn: number }> {
    const before = await this.statisticsAsync(true)
    await attack()
    expect(await this.getAsync('/')).toBe('alive')
    const worst = await this.statisticsAsync()
    let now = worst
    for (const end = performance.now() + patience; performance.now() < end && !isBack(now); ) now = await this.statisticsAsync()
    expect(now.handles, 'handles').toBeLessThanOrEqual(before.handles)
    expect(now.held - before.held, 'bytes held').toBeLessThan(allowance)
    return { growth: worst.peak - before.peak, longestTurn: worst.longestTurn }

    function isBack({ held, handles }: Statistics): boolean {
      return handles <= before.handles && held - before.held < allowance
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#process[Symbol.asyncDispose]()
  }
}
