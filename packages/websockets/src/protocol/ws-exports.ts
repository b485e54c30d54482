// The one place that names `ws`: what this package uses of it, with the types that @types/ws lacks.
import * as ws from 'ws'

/** The extension parameters of RFC 7692 section 7.1, as they were agreed on. */
export interface DeflateParameters {
  readonly client_no_context_takeover?: true
  readonly server_no_context_takeover?: true
  readonly client_max_window_bits?: number
  readonly server_max_window_bits?: number
}

type DeflateCallback = (error: Error | null, data: Buffer) => void

/** The zlib contexts of one socket; the calls of the whole process share one limiter, because they share the thread pool. */
export interface PerMessageDeflate {
  params: DeflateParameters
  decompress(data: Uint8Array, isFinal: boolean, callback: DeflateCallback): void
  compress(data: Uint8Array | string, isFinal: boolean, callback: DeflateCallback): void
  cleanup(): void
}

interface PerMessageDeflateConstructor {
  new (options: { isServer: boolean; maxPayload: number; threshold: number; concurrencyLimit: number }): PerMessageDeflate
}

interface WsExports {
  PerMessageDeflate: PerMessageDeflateConstructor
}

export const PerMessageDeflate: PerMessageDeflateConstructor = (ws as unknown as WsExports).PerMessageDeflate
