import { createSecureContext, type SecureContext } from 'node:tls'
import { hostingErrors } from '../../errors/hosting-errors.ts'
import type { HttpsOptions, ServerCertificate } from './https-options.ts'

/** The certificates of one endpoint in the form that TLS uses: read once, not for every connection. */
export class SecureContexts {
  readonly default: SecureContext | undefined
  readonly #options: HttpsOptions
  readonly #selected = new WeakMap<ServerCertificate, SecureContext>()

  /** Raises an invalid-operation error for a certificate that cannot be used. */
  constructor(options: HttpsOptions) {
    this.#options = options
    this.default = hasCertificate(options) ? this.#create(options) : undefined
  }

  /** By the name that a client asks for. */
  select(serverName: string): SecureContext | undefined {
    const certificate = this.#options.serverCertificateSelector?.(serverName.toLowerCase())
    if (certificate === undefined) return this.default
    const before = this.#selected.get(certificate)
    if (before !== undefined) return before
    const context = this.#create(certificate)
    this.#selected.set(certificate, context)
    return context
  }

  #create({ cert, key, pfx, passphrase }: ServerCertificate): SecureContext {
    try {
      return createSecureContext({ cert, key, pfx, passphrase, minVersion: this.#options.minVersion ?? 'TLSv1.2' })
    } catch (error) {
      throw hostingErrors.certificateInvalid(error)
    }
  }
}

/** Whether these options say anything about a certificate. */
export function hasCertificate({ cert, key, pfx }: ServerCertificate): boolean {
  return cert !== undefined || key !== undefined || pfx !== undefined
}
