import type { ServiceCollection } from '@windhover/core'
import { testingErrors } from './errors/testing-errors.ts'

/** How a `TestServer` runs its application. */
export interface TestServerOptions {
  /** Where requests go that name no host: scheme, host and port of every path. Default `http://localhost/`. `https` needs no certificate. */
  baseAddress?: string | URL
  /** The environment's name. Default `Development`; with a builder, what that says. */
  environment?: string
  /** Settings of the host's configuration, such as `{ 'Greeting:Text': 'hi' }`. */
  settings?: Readonly<Record<string, string>>
  /** Adds services, after those of the application: what is registered here wins. */
  configureTestServices?: (services: ServiceCollection) => void
  /**
   * True: what the application throws and nobody catches rejects the test's `fetch()`, `sendAsync()` or `connectWebSocketAsync()`.
   * False: the test gets the ordinary 500 of the server. Default true.
   */
  throwApplicationErrors?: boolean
  /** The longest wait for a response, a handshake, a message, a close or the stop, in milliseconds; `Infinity`: no limit. Default 4,000: Vitest's and Jest's own is 5,000. */
  timeout?: number
  /** The address that connections come from. Default `127.0.0.1`. */
  remoteIpAddress?: string
}

/** The options as the server uses them: complete, checked and frozen. */
export interface ResolvedTestServerOptions {
  readonly baseAddress: string
  readonly environment: string | undefined
  readonly settings: ReadonlyMap<string, string>
  readonly configureTestServices: ((services: ServiceCollection) => void) | undefined
  readonly throwApplicationErrors: boolean
  readonly timeout: number
  readonly remoteIpAddress: string
}

/** The longest delay that a timer of Node has. */
const maxTimeout = 2 ** 31 - 1

export function resolveTestServerOptions(options: TestServerOptions = {}): ResolvedTestServerOptions {
  const timeout = options.timeout ?? 4_000
  if (timeout !== Number.POSITIVE_INFINITY && !(timeout > 0 && timeout <= maxTimeout)) throw testingErrors.timeoutOutOfRange(timeout)
  const baseAddress = new URL(options.baseAddress ?? 'http://localhost/')
  if (baseAddress.protocol !== 'http:' && baseAddress.protocol !== 'https:') throw testingErrors.baseAddressScheme(baseAddress.href)
  return Object.freeze({
    baseAddress: baseAddress.href,
    environment: options.environment,
    settings: new Map(Object.entries(options.settings ?? {})),
    configureTestServices: options.configureTestServices,
    throwApplicationErrors: options.throwApplicationErrors ?? true,
    timeout,
    remoteIpAddress: options.remoteIpAddress ?? '127.0.0.1',
  })
}
