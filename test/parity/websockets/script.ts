import { setTimeout as delay } from 'node:timers/promises'
import {
  HostApplicationLifetime,
  type HttpContext,
  InvalidOperationException,
  type WebSocket,
  type WebSocketAcceptContext,
  WebSocketMessageType,
  type WebSocketReceiveResult,
} from '@windhover/core'
import { describeError, type Entry, pascalCase } from './describe-error.ts'
import { describePayload, type PayloadSpec, parsePayload } from './payload.ts'
import { type RequestLog, RequestLogFeature } from './request-log.ts'

/** One op of a handler, see the README. */
export interface Op extends PayloadSpec {
  readonly op: string
  readonly label?: string
  readonly within?: number
  readonly ms?: number
  readonly rethrow?: boolean
  readonly cancelled?: boolean
  readonly cancelAfter?: number
  readonly overload?: 'none' | 'subProtocol'
  readonly subProtocol?: string
  readonly compression?: boolean
  readonly disableServerContextTakeover?: boolean
  readonly serverMaxWindowBits?: number
  readonly keepAliveInterval?: number
  readonly keepAliveTimeout?: number
  readonly buffer?: number
  readonly type?: string
  readonly end?: boolean
  readonly compress?: boolean
  readonly status?: number
  readonly description?: string
  readonly name?: string
  readonly value?: string
  readonly limit?: number
}

/** The request handler: runs the ops of a scenario in order and writes down what each of them gave. */
export async function runScriptAsync(context: HttpContext): Promise<void> {
  const log = context.features.getRequired(RequestLogFeature)
  const script = new Script(context, log)
  for (const op of log.ops) if (!(await script.runAsync(op))) return
}

class Script {
  readonly #context: HttpContext
  readonly #log: RequestLog
  readonly #background = new Map<string, Promise<Entry>>()
  #accepted: WebSocket | undefined

  constructor(context: HttpContext, log: RequestLog) {
    this.#context = context
    this.#log = log
  }

  get #socket(): WebSocket {
    if (this.#accepted === undefined) throw scenarioError('the scenario uses a socket that it did not accept')
    return this.#accepted
  }

  /** Runs one op; false ends the handler. */
  async runAsync(op: Op): Promise<boolean> {
    if (op.op === 'return') return false
    if (op.op === 'throw') throw scenarioError('thrown by the scenario')
    if (op.op === 'sleep') {
      await delay(op.ms)
      return true
    }
    const running = op.op === 'await' ? this.#background.get(op.label!)! : observe(() => this.#start(op))
    if (op.label !== undefined && op.op !== 'await') {
      this.#background.set(op.label, running)
      if (op.within === undefined) return true
    }
    if (op.within !== undefined && !(await settlesWithin(running, op.within))) {
      this.#record(op, { pending: true })
      return true
    }
    const result = await running
    this.#record(op, result)
    if (result.error !== undefined && op.rethrow) throw scenarioError('an error that the handler did not catch')
    return true
  }

  #record(op: Op, result: Entry): void {
    const label = op.label === undefined ? {} : { label: op.label }
    const state = this.#accepted === undefined ? {} : { state: pascalCase(this.#accepted.state) }
    this.#log.add({ op: op.op, ...label, ...result, ...state })
  }

  /** Not async on purpose: what an API throws synchronously must leave this method synchronously. */
  #start(op: Op): Entry | Promise<Entry> {
    const start = Object.hasOwn(this.#ops, op.op) ? this.#ops[op.op] : undefined
    if (start === undefined) throw new Error(`unknown op: ${op.op}`)
    return start(op)
  }

  readonly #ops: Record<string, (op: Op) => Entry | Promise<Entry>> = {
    // The WebSocket manager
    isWebSocketRequest: () => ({ value: this.#context.webSockets.isWebSocketRequest }),
    requestedProtocols: () => ({ value: this.#context.webSockets.webSocketRequestedProtocols }),
    accept: op => this.#acceptedAsync(this.#accept(op)),

    // The socket
    receive: op => {
      const buffer = Buffer.alloc(op.buffer ?? 4096)
      return describeReceiveAsync(this.#socket.receiveAsync(buffer, optionsOf(op)), buffer)
    },
    receiveMessage: op => this.#receiveMessageAsync(op.buffer ?? 4096),
    send: op => doneAsync(this.#send(op)),
    close: op => doneAsync(this.#socket.closeAsync(op.status, op.description, optionsOf(op))),
    closeOutput: op => doneAsync(this.#socket.closeOutputAsync(op.status, op.description, optionsOf(op))),
    abort: () => done(() => this.#socket.abort()),
    dispose: () => done(() => this.#socket[Symbol.dispose]()),
    status: () => ({
      subProtocol: this.#socket.subProtocol ?? null,
      closeStatus: this.#socket.closeStatus ?? null,
      closeStatusDescription: this.#socket.closeStatusDescription ?? null,
    }),
    echo: op => this.#echoAsync(op.buffer ?? 4096),

    // The HTTP request and response
    requestHeader: op => ({
      value: this.#context.request.headers
        .getAll(op.name!)
        .filter(line => line !== '')
        .join(','),
    }),
    readBody: async () => ({ data: await this.#context.request.readAsTextAsync() }),
    setStatus: op =>
      done(() => {
        this.#context.response.statusCode = op.status!
      }),
    setHeader: op => done(() => this.#context.response.headers.set(op.name!, op.value)),
    setCookie: op => done(() => this.#context.response.cookies.append(op.name!, op.value!)),
    write: op => doneAsync(this.#context.response.writeAsync(op.text!)),
    start: () => doneAsync(this.#context.response.startAsync()),
    hasStarted: () => ({ value: this.#context.response.hasStarted }),
    abortRequest: () => done(() => this.#context.abort()),
    waitAborted: op => this.#waitAbortedAsync(op.limit ?? 2000),

    // The host
    stopHost: () => done(() => this.#lifetime.stopApplication()),
    waitStopping: () => signalledAsync(this.#lifetime.applicationStopping),
  }

  get #lifetime(): HostApplicationLifetime {
    return this.#context.requestServices.getRequiredService(HostApplicationLifetime)
  }

  #accept(op: Op): Promise<WebSocket> {
    const { webSockets } = this.#context
    if (op.overload === 'none') return webSockets.acceptWebSocketAsync()
    if (op.overload === 'subProtocol') return webSockets.acceptWebSocketAsync(op.subProtocol ?? null)
    const accept: WebSocketAcceptContext = {
      subProtocol: op.subProtocol ?? undefined,
      dangerousEnableCompression: op.compression,
      disableServerContextTakeover: op.disableServerContextTakeover,
      serverMaxWindowBits: op.serverMaxWindowBits,
      keepAliveInterval: op.keepAliveInterval,
      keepAliveTimeout: op.keepAliveTimeout,
    }
    return webSockets.acceptWebSocketAsync(accept)
  }

  async #acceptedAsync(accept: Promise<WebSocket>): Promise<Entry> {
    this.#accepted = await accept
    return { subProtocol: this.#accepted.subProtocol ?? null }
  }

  async #receiveMessageAsync(size: number): Promise<Entry> {
    const buffer = Buffer.alloc(size)
    const parts: Buffer[] = []
    for (let receives = 1; ; receives++) {
      const result = await this.#socket.receiveAsync(buffer)
      parts.push(Buffer.from(buffer.subarray(0, result.count)))
      if (result.endOfMessage) return { type: pascalCase(result.messageType), receives, data: describePayload(Buffer.concat(parts)) }
    }
  }

  #send(op: Op): Promise<void> {
    const type = typeOf(op.type ?? 'Text')
    const signal = optionsOf(op)
    const options = op.compress === undefined ? signal : { ...signal, disableCompression: !op.compress }
    return this.#socket.sendAsync(parsePayload(op), type, op.end ?? true, options)
  }

  /** The loop of every echo sample: back with the same type and fragmentation, close with the peer's status. */
  async #echoAsync(size: number): Promise<Entry> {
    const buffer = new Uint8Array(size)
    for (let receives = 0; ; receives++) {
      const result = await this.#socket.receiveAsync(buffer)
      if (result.closeStatus !== undefined) {
        await this.#socket.closeAsync(result.closeStatus, result.closeStatusDescription)
        return { receives, closeStatus: result.closeStatus }
      }
      await this.#socket.sendAsync(buffer.subarray(0, result.count), result.messageType, result.endOfMessage)
    }
  }

  async #waitAbortedAsync(limit: number): Promise<Entry> {
    return { aborted: await settlesWithin(signalledAsync(this.#context.requestAborted), limit) }
  }
}

/** Errors become results; `sync` tells that the call itself threw instead of returning a promise. */
async function observe(start: () => Entry | Promise<Entry>): Promise<Entry> {
  let running: Entry | Promise<Entry>
  try {
    running = start()
  } catch (error) {
    return { ...describeError(error), sync: true }
  }
  try {
    return await running
  } catch (error) {
    return describeError(error)
  }
}

async function describeReceiveAsync(receive: Promise<WebSocketReceiveResult>, buffer: Buffer): Promise<Entry> {
  const { messageType, count, endOfMessage, closeStatus, closeStatusDescription } = await receive
  const data = count > 0 ? { data: describePayload(buffer.subarray(0, count)) } : {}
  const close = closeStatus === undefined ? {} : { closeStatus, closeStatusDescription }
  return { type: pascalCase(messageType), count, end: endOfMessage, ...data, ...close }
}

function typeOf(name: string): WebSocketMessageType {
  return Object.hasOwn(WebSocketMessageType, name)
    ? WebSocketMessageType[name as keyof typeof WebSocketMessageType]
    : (name as WebSocketMessageType)
}

function optionsOf(op: Op): { signal: AbortSignal } | undefined {
  if (op.cancelled) return { signal: AbortSignal.abort() }
  return op.cancelAfter === undefined ? undefined : { signal: AbortSignal.timeout(op.cancelAfter) }
}

async function settlesWithin(promise: Promise<unknown>, limit: number): Promise<boolean> {
  return Promise.race([promise.then(() => true), delay(limit, false, { ref: false })])
}

async function signalledAsync(signal: AbortSignal): Promise<Entry> {
  if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
  return {}
}

function done(action: () => void): Entry {
  action()
  return {}
}

async function doneAsync(promise: Promise<unknown>): Promise<Entry> {
  await promise
  return {}
}

function scenarioError(message: string): Error {
  return new InvalidOperationException('PARITY_SCENARIO', message)
}
