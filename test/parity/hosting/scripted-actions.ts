import { setTimeout as delay } from 'node:timers/promises'
import {
  BadHttpRequestException,
  type CookieOptions,
  Endpoint,
  type HttpContext,
  HttpMaxRequestBodySizeFeature,
  HttpResponseFeature,
  IOException,
  NotSupportedException,
  OperationCanceledException,
  PathString,
} from '@windhover/core'
import { StatusCodePagesFeature } from '@windhover/hosting'
import { errorKind, ScriptedError } from './error-kind.ts'
import { ScopedThing } from './middleware-classes.ts'
import { see } from './seen.ts'
import type { Trace } from './trace.ts'
import { UnknownOperation } from './unknown-operation.ts'

/** An action of a case: the first property names it. */
export type Action = Readonly<Record<string, unknown>>

/** The options of a cookie as a case writes them. */
export type RecordedCookieOptions = Omit<CookieOptions, 'expires' | 'maxAge'> & {
  readonly expires?: string
  readonly maxAgeSeconds?: number
}

type Perform = (this: ScriptedActions, context: HttpContext, value: never, action: Action) => Promise<void> | void

/** Turns the actions of a case into calls on the context. */
export class ScriptedActions {
  readonly trace: Trace

  constructor(trace: Trace) {
    this.trace = trace
  }

  async doAsync(context: HttpContext, actions: readonly Action[] = []): Promise<void> {
    for (const action of actions) {
      const [name, value] = operationOf(action)
      const perform = actionsByName.get(name)
      if (perform === undefined) throw new UnknownOperation(name)
      await perform.call(this, context, value as never, action)
    }
  }
}

/** The first property of a step or an action: its name and what it says. */
export function operationOf(operation: Action): [name: string, value: unknown] {
  return Object.entries(operation)[0]!
}

const actionsByName: ReadonlyMap<string, Perform> = new Map<string, Perform>(
  Object.entries({
    see(context, names: string[]) {
      this.trace.add(`see ${names.map(name => see(context, name)).join(' ')}`)
    },
    async try(context, actions: Action[]) {
      try {
        await this.doAsync(context, actions)
        this.trace.add('tried ok')
      } catch (error) {
        if (error instanceof UnknownOperation) throw error
        this.trace.add(`tried ${errorKind(error)}`)
      }
    },
    throw(_context, text: string) {
      throw thrownBy(text)
    },
    status({ response }, status: number) {
      response.statusCode = status
    },
    reason({ features }, reason: string) {
      features.getRequired(HttpResponseFeature).reasonPhrase = reason
    },
    setHeader({ response }, [name, value]: [string, string | string[] | null]) {
      response.headers.set(name, value)
    },
    appendHeader({ response }, [name, value]: [string, string]) {
      response.headers.append(name, value)
    },
    removeHeader({ response }, name: string) {
      response.headers.delete(name)
    },
    contentType({ response }, type: string | null) {
      response.contentType = type ?? undefined
    },
    contentLength({ response }, length: number | null) {
      response.contentLength = length ?? undefined
    },
    write: ({ response }, text: string) => response.writeAsync(text),
    writeEmpty: ({ response }) => response.writeAsync(new Uint8Array()),
    // The nearest thing to Stream.Write: a stream of Node takes the bytes and returns before they are sent.
    writeSync({ response }, text: string) {
      response.body.write(text)
    },
    writeSize: ({ response }, size: number) => response.writeAsync('x'.repeat(size)),
    flush: ({ response }) => response.flushAsync(),
    start: ({ response }) => response.startAsync(),
    complete: ({ response }) => response.completeAsync(),
    clear: ({ response }) => response.clear(),
    json: ({ response }, value: unknown) => response.writeAsJsonAsync(value),
    redirect(
      { response },
      location: string,
      { permanent = false, preserveMethod = false }: { permanent?: boolean; preserveMethod?: boolean },
    ) {
      response.redirect(location, { permanent, preserveMethod })
    },
    cookie({ response }, { name, value, options }: { name: string; value: string; options?: RecordedCookieOptions }) {
      response.cookies.append(name, value, options && cookieOptions(options))
    },
    deleteCookie({ response }, name: string) {
      response.cookies.delete(name)
    },
    onStarting(context, name: string, { do: actions }: { do?: Action[] }) {
      context.response.onStarting(async () => {
        this.trace.add(`onStarting ${name} started=${context.response.hasStarted}`)
        await this.doAsync(context, actions)
      })
    },
    onCompleted(context, name: string, { do: actions }: { do?: Action[] }) {
      context.response.onCompleted(async () => {
        this.trace.add(`onCompleted ${name} started=${context.response.hasStarted} status=${context.response.statusCode}`)
        await this.doAsync(context, actions)
      })
    },
    registerForDispose({ response }, name: string) {
      response.registerForDispose({ [Symbol.dispose]: () => this.trace.add(`dispose ${name}`) })
    },
    // ASP.NET Core makes a PathString of a text, which decodes it.
    setPath({ request }, path: string | null) {
      request.path = PathString.fromUriComponent(path ?? '')
    },
    setPathBase({ request }, path: string | null) {
      request.pathBase = PathString.fromUriComponent(path ?? '')
    },
    setMethod({ request }, method: string) {
      request.method = method
    },
    setQuery({ request }, query: string | null) {
      request.queryString = query ?? ''
    },
    setItem({ items }, [key, value]: [string, string]) {
      items.set(key, value)
    },
    async readBody({ request }) {
      this.trace.add(`body ${await request.readAsTextAsync()}`)
    },
    async readForm({ request }) {
      const form = await request.readFormAsync()
      const names = [...new Set([...form].map(([name]) => name))].sort()
      this.trace.add(`form ${names.map(name => `${name}=${form.getAll(name).join(',')}`).join('&')}`)
    },
    enableBuffering({ request }) {
      request.enableBuffering()
    },
    rewind({ request }) {
      request.rewindBody()
    },
    maxBody({ features }, size: number) {
      features.getRequired(HttpMaxRequestBodySizeFeature).maxRequestBodySize = size
    },
    abort: context => context.abort(),
    delay: async (_context, milliseconds: number) => void (await delay(milliseconds)),
    resolveScoped({ requestServices }) {
      requestServices.getRequiredService(ScopedThing).touch()
    },
    setEndpoint(context, actions: Action[] | null) {
      const run = actions === null ? undefined : (target: HttpContext) => this.doAsync(target, actions)
      context.setEndpoint(new Endpoint(run, [], 'case endpoint'))
    },
    statusCodePages({ features }, enabled: boolean) {
      const pages = features.get(StatusCodePagesFeature)
      if (pages !== undefined) pages.enabled = enabled
    },
  } satisfies Record<string, Perform>),
)

function thrownBy(text: string): Error {
  if (text === 'cancelled') return new OperationCanceledException('PARITY', text)
  if (text === 'io') return new IOException('PARITY', text)
  if (text === 'not-supported') return new NotSupportedException('PARITY', text)
  if (text.startsWith('bad-request ')) return new BadHttpRequestException('PARITY', text, Number(text.slice('bad-request '.length)))
  return new ScriptedError(text)
}

function cookieOptions({ expires, maxAgeSeconds, sameSite, ...others }: RecordedCookieOptions): CookieOptions {
  return {
    ...others,
    // In .NET an enumeration, whose names begin with capitals.
    ...(sameSite === undefined ? {} : { sameSite: sameSite.toLowerCase() as CookieOptions['sameSite'] }),
    ...(expires === undefined ? {} : { expires: new Date(expires) }),
    ...(maxAgeSeconds === undefined ? {} : { maxAge: maxAgeSeconds * 1_000 }),
  }
}
