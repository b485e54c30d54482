import { readFileSync } from 'node:fs'
import type { WebHostBuilder } from '@windhover/hosting'

export function withCertificate(builder: WebHostBuilder, folder: string): void {
  // #region certificate
  builder.configureNodeServer({
    listen: 'https://localhost:5001',
    https: { cert: readFileSync(`${folder}/server.crt`), key: readFileSync(`${folder}/server.key`) },
  })
  // #endregion
}

export function withPfx(builder: WebHostBuilder, path: string, password: string): void {
  // #region pfx
  builder.configureNodeServer({ https: { pfx: readFileSync(path), passphrase: password } })
  // #endregion
}

export function byServerName(builder: WebHostBuilder, shop: { cert: string; key: string }, main: { cert: string; key: string }): void {
  // #region sni
  builder.configureNodeServer({
    https: {
      ...main,
      serverCertificateSelector: serverName => (serverName === 'shop.example' ? shop : undefined),
    },
  })
  // #endregion
}

export function withProtocols(builder: WebHostBuilder): void {
  // #region protocols
  builder.configureNodeServer({
    listen: ['http://localhost:5000', { url: 'http://localhost:5002', protocols: 'http2' }],
  })
  // #endregion
}

export function withLimits(builder: WebHostBuilder): void {
  // #region limits
  builder.configureNodeServer({ limits: { http2: { maxStreamsPerConnection: 50 } } })
  // #endregion
}
