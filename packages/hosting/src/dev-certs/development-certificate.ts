import { X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ServerCertificate } from '../node-server/tls/https-options.ts'
import { createSelfSignedCertificate } from './self-signed-certificate.ts'

const day = 24 * 60 * 60 * 1_000
/** As long as ASP.NET Core's, in days. */
const validity = 365
const names = ['localhost', '*.dev.localhost', '*.dev.internal', 'host.docker.internal', 'host.containers.internal', '127.0.0.1', '::1']

/** Where the development certificate of this user is. */
export interface DevelopmentCertificateFiles {
  readonly cert: string
  /** Readable by its owner alone. */
  readonly key: string
}

/** `.windhover/https` in the user's home. */
export function developmentCertificateFiles(): DevelopmentCertificateFiles {
  const folder = join(homedir(), '.windhover', 'https')
  return { cert: join(folder, 'localhost.crt'), key: join(folder, 'localhost.key') }
}

/** The development certificate of this user; undefined when there is none, or when it is no longer valid. */
export function loadDevelopmentCertificate(): ServerCertificate | undefined {
  const files = developmentCertificateFiles()
  try {
    const pair = { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') }
    return new Date(new X509Certificate(pair.cert).validTo).getTime() > Date.now() ? pair : undefined
  } catch {
    return undefined // Whatever is wrong with it, the command makes another one.
  }
}

/**
 * Makes a certificate for `localhost` and puts it where a host in Development looks for it, for a year. The one before is replaced. (ASP.NET Core: dotnet dev-certs https)
 */
export function createDevelopmentCertificate(): DevelopmentCertificateFiles {
  const now = Date.now()
  const pair = createSelfSignedCertificate({
    commonName: 'localhost',
    names,
    notBefore: new Date(now - day),
    notAfter: new Date(now + validity * day),
  })
  const files = developmentCertificateFiles()
  mkdirSync(join(files.key, '..'), { recursive: true, mode: 0o700 })
  removeDevelopmentCertificate()
  writeFileSync(files.key, pair.key, { mode: 0o600 })
  writeFileSync(files.cert, pair.cert)
  return files
}

/** Does nothing when there is none. */
export function removeDevelopmentCertificate(): void {
  const files = developmentCertificateFiles()
  for (const file of [files.cert, files.key]) rmSync(file, { force: true })
}
