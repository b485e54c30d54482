import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
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
/** From version 24 on Node lets the young generation grow to 128 MiB, whatever the process holds, which would hide what an attack takes. */
const youngGeneration = '--max-semi-space-size=16'
/** How long the last connections and timers may take to go. */
const patience = 20_000

/** The server of `programs/target.mjs`, for attacks on the memory and the event loop of a process. */
export class ChildTarget implements AsyncDisposable {
  readonly #process: ChildProcess
  readonly port: number

  /** Speaks HTTP/2 from the first byte. */
  readonly http2Port: number

  private constructor(process: ChildProcess, port: number, http2Port: number) {
    this.#process = process
    this.port = port
    this.http2Port = http2Port
  }

  static async startAsync(options: Partial<WebSocketOptions> = {}): Promise<ChildTarget> {
    const [http1, http2] = ['--NodeServer:Endpoints:Http1', '--NodeServer:Endpoints:Http2']
    const endpoints = [`${http1}:Url=http://127.0.0.1:0`, `${http2}:Url=http://127.0.0.1:0`, `${http2}:Protocols=Http2`]
    const args = [youngGeneration, program, ...endpoints, '--Logging:LogLevel:Default', 'Warning']
    const process = new ChildProcess(args, { env: { WEBSOCKETS: JSON.stringify(options), NODE_ENV: 'production' } })
    const listening = /Now listening on: http:\/\/127\.0\.0\.1:(\d+)\s+Now listening on: http:\/\/127\.0\.0\.1:(\d+)/
    const [, port, http2Port] = await process.waitForOutputAsync(listening)
    return new ChildTarget(process, Number(port), Number(http2Port))
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
    for (const end = performance.now() + patience; performance.now() < end && !isBack(now); now = await this.statisticsAsync()) {
      // Each look collects garbage, and the process may still have the rest of a flood to work off.
      await pause(100)
    }
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
