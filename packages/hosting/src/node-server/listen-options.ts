import type { HttpProtocols } from './http-protocols.ts'
import type { HttpsOptions } from './tls/https-options.ts'

/** One address with what is special about it. What is not given is that of the server's options. (ASP.NET Core: ListenOptions) */
export interface ListenOptions {
  /** Such as `https://localhost:5001`. */
  readonly url: string
  readonly protocols?: HttpProtocols
  /** For an address of `https`. (ASP.NET Core: UseHttps) */
  readonly https?: HttpsOptions
}
