/** A certificate with its private key: PEM in `cert` and `key`, or both together as PKCS #12 in `pfx`. */
export interface ServerCertificate {
  /** The certificate, behind it those that it was issued by, in PEM. */
  readonly cert?: string | Buffer
  /** In PEM. */
  readonly key?: string | Buffer
  /** The content of a `.pfx` or `.p12` file. */
  readonly pfx?: Buffer
  /** What `key` or `pfx` is encrypted with. */
  readonly passphrase?: string
}

/** How an endpoint speaks TLS. (ASP.NET Core: HttpsConnectionAdapterOptions) */
export interface HttpsOptions extends ServerCertificate {
  /**
   * Chooses a certificate by the name that the client asks for (SNI), in lower case; undefined takes that of these options. Called once for each connection that names a host.
   * (ASP.NET Core: ServerCertificateSelector)
   */
  readonly serverCertificateSelector?: (serverName: string) => ServerCertificate | undefined
  /** The oldest version of TLS that is spoken. Default `TLSv1.2`. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3'
  /** Milliseconds for the handshake of a connection; then it is closed. Default 10,000. (ASP.NET Core: HandshakeTimeout) */
  readonly handshakeTimeout?: number
}
