// The client side of a scenario: runs its steps, one after the other, over raw TCP.

import { setTimeout as delay } from 'node:timers/promises'
import { Connection } from './connection.mjs'
import { FrameWriter } from './frames.mjs'
import { Http2Connection } from './http2-connection.mjs'
import { parsePayload } from './payload.mjs'

const handshake = {
  Host: 'parity.test',
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
}

export class Client {
  #scenario
  #run
  #server
  #peers = new Map()

  constructor(scenario, run, server) {
    this.#scenario = scenario
    this.#run = run
    this.#server = server
  }

  /** Runs all steps, then waits for the server to end every connection. Returns what each connection saw. */
  async run() {
    for (const step of this.#scenario.client) await this.#step(step, await this.#peer(step.on ?? 'main'))
    for (const { connection } of this.#peers.values()) {
      if (connection.stopped) continue
      if (!(await connection.until(() => connection.ended, this.#scenario.linger))) connection.events.push({ end: 'open' })
    }
    for (const { connection } of this.#peers.values()) connection.destroy()
    const { ignore = [], anyEnd } = this.#scenario
    const keep = event => !ignore.some(kind => matches(event, kind))
    const blur = event => (anyEnd && ['eof', 'reset'].includes(event.end) ? { end: 'any' } : event)
    const seen = [...this.#peers].map(([name, { connection }]) => [name, connection.events.filter(keep).map(blur)])
    return this.#peers.size === 1 ? seen[0][1] : Object.fromEntries(seen)
  }

  async #peer(name) {
    if (!this.#peers.has(name)) {
      this.#peers.set(name, { connection: await this.#open(), frames: new FrameWriter(), seen: 0 })
    }
    return this.#peers.get(name)
  }

  #open() {
    const { port, http2Port } = this.#server
    return this.#scenario.transport === 'http2' ? Http2Connection.open(http2Port) : Connection.open(port)
  }

  async #step(step, peer) {
    const kind = Object.keys(this.#steps).find(name => name in step)
    if (!kind) throw new Error(`unknown step in ${this.#scenario.name}: ${JSON.stringify(step)}`)
    await this.#steps[kind](step, peer)
  }

  /** In this order: a `frame` may have a `fin` bit, which is a step too. */
  #steps = {
    connect: (step, peer) => this.#request({ ...handshake, ...step.connect }, step, peer),
    request: (step, peer) => this.#request({ Host: 'parity.test', ...step.request }, step, peer),
    stream: (step, peer) => this.#stream(step, peer),
    frame: (step, peer) => this.#sendFrames(step, peer),
    bytes: (step, { connection }) => connection.send(parsePayload(step.bytes), step),
    expect: (step, peer) => this.#expect(step, peer),
    stopAfter: (step, { connection }) => this.#stopAfter(step, connection),
    quiet: (step, peer) => this.#watch(step.quiet, peer),
    untilLogged: step => this.#untilLogged(step.untilLogged),
    sleep: step => delay(step.sleep),
    fin: (_, { connection }) => connection.finish(),
    reset: (_, { connection }) => connection.reset(),
    pause: (_, { connection }) => connection.pause(),
    resume: (_, { connection }) => connection.resume(),
  }

  /** A header that is null is left out; a list makes one line each. `lines` are sent as they are, after the others. */
  async #request(headers, step, peer) {
    const { method = 'GET', target = `/site/${this.#scenario.site}/ws`, version = 'HTTP/1.1', lines = [], body } = step
    const fields = Object.entries({ ...headers, 'X-Run': this.#run, 'X-Handler': step.handler ?? null })
      .filter(([, value]) => value !== null)
      .flatMap(([name, value]) => [value].flat().map(item => `${name}: ${item}`))
    const head = `${[`${method} ${target} ${version}`, ...fields, ...lines].join('\r\n')}\r\n\r\n`
    if (step.complete ?? true) peer.connection.expectResponse(method)
    await peer.connection.send(Buffer.concat([Buffer.from(head, 'latin1').subarray(0, step.cut), parsePayload(body ?? {})]), step)
    if (step.wait ?? !step.join) await this.#expect({ expect: 'response' }, peer)
  }

  /** A stream of HTTP/2: an extended CONNECT unless the step says otherwise. */
  async #stream({ stream, handler, wait = true }, peer) {
    const headers = {
      ':method': 'CONNECT',
      ':protocol': 'websocket',
      ':scheme': 'http',
      ':authority': 'parity.test',
      ':path': `/site/${this.#scenario.site}/ws`,
      'sec-websocket-version': '13',
      'x-run': this.#run,
      'x-handler': handler ?? null,
      ...stream,
    }
    const fields = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== null))
    peer.connection.request(fields, fields[':method'] === 'CONNECT')
    if (wait) await this.#expect({ expect: 'response' }, peer)
  }

  async #sendFrames(step, { connection, frames }) {
    if (connection.refused) return
    for (let i = 0; i < (step.times ?? 1); i++) await connection.send(frames.write(step), step)
  }

  /** For connections that would go on for ever: what comes after the wanted events is not recorded. */
  async #stopAfter({ stopAfter: kind, count = 1, within = 5000 }, connection) {
    const isEnough = () => connection.events.filter(event => matches(event, kind)).length >= count || connection.ended
    if (!(await connection.until(isEnough, within))) connection.events.push({ missing: kind })
    connection.stopRecording(event => matches(event, kind), count)
    connection.destroy()
  }

  /** What came together with an event that was waited for disturbs as well: the packets are not the server's decision. */
  async #watch(duration, { connection, seen }) {
    const isNews = event => event.quiet === undefined && event.missing === undefined
    const isDisturbed = await connection.until(() => connection.events.slice(seen).some(isNews), duration)
    if (!isDisturbed) connection.events.push({ quiet: true })
  }

  /** Waits until the server has written an entry with these values. */
  async #untilLogged(values) {
    const isMatch = entry => Object.entries(values).every(([key, value]) => entry[key] === value)
    for (let attempt = 0; attempt < 300; attempt++) {
      const requests = await this.#server.outcome(this.#run, 0, 0)
      if (requests.flat().some(isMatch)) return
      await delay(20)
    }
  }

  /** Waits for events after those that earlier expectations were satisfied with. */
  async #expect({ expect: kind, count = 1, within = 5000 }, peer) {
    const { connection } = peer
    if (connection.refused && !['response', 'end'].includes(kind)) return
    const find = () => {
      let left = count
      return connection.events.findIndex((event, i) => i >= peer.seen && matches(event, kind) && --left === 0)
    }
    await connection.until(() => find() >= 0 || connection.ended, within)
    if (find() >= 0) peer.seen = find() + 1
    else if (!connection.ended) connection.events.push({ missing: kind })
  }
}

/** `frame` is any frame; a frame can also be named by its opcode. */
function matches(event, kind) {
  if (kind === 'frame') return event.frame !== undefined
  return event[kind] !== undefined || event.frame === kind
}
