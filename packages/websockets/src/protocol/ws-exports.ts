// The one place that names `ws`: what this package uses of it, with the types that @types/ws lacks.
import type { ZlibOptions } from 'node:zlib'

/** The extension parameters of RFC 7692 section 7.1, as they were agreed on. */
export interface DeflateParameters {
  readonly client_no_context_takeover?: true
  readonly server_no_context_takeover?: true
  readonly client_max_window_bits?: number
  readonly server_max_window_bits?: number
}

type DeflateCallback = (error: Error | null, data: Buffer) => void

/** A zlib context for what is sent; the calls of the whole process share one limiter, because they share the thread pool. */
export interface PerMessageDeflate {
  params: DeflateParameters
  compress(data: Uint8Array | string, isFinal: boolean, callback: DeflateCallback): void
  cleanup(): void
}

export interface PerMessageDeflateOptions {
  readonly isServer: boolean
  readonly threshold: number
  readonly concurrencyLimit: number
  readonly zlibDeflateOptions: ZlibOptions
}

interface WsExports {
  readonly PerMessageDeflate: new (options: PerMessageDeflateOptions) => PerMessageDeflate
}

let ws: WsExports | undefined

/** Only compression needs `ws`, and most applications leave that off: it is loaded for the first handshake that may compress. */
export async function loadPerMessageDeflateAsync(): Promise<void> {
  ws ??= (await import('ws')) as unknown as WsExports
}

/** It must have been loaded. */
export function createPerMessageDeflate(options: PerMessageDeflateOptions): PerMessageDeflate {
  return new ws!.PerMessageDeflate(options)
}
