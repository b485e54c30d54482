import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Configuration } from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'
import type { ServerCertificate } from '../node-server/tls/https-options.ts'

/**
 * The certificate that a section names with `Path`, `KeyPath` and `Password`: with a key of its own it is PEM, else PKCS #12. Paths start at the content root. Undefined when there is no `Path`. Raises an I/O
 * error for a file that cannot be read.
 */
export function readCertificate(section: Configuration, contentRootPath: string): ServerCertificate | undefined {
  const path = section.get('Path')
  if (path === undefined) return undefined
  const password = section.get('Password')
  const passphrase = password === undefined ? {} : { passphrase: password }
  const keyPath = section.get('KeyPath')
  const content = read(resolve(contentRootPath, path))
  if (keyPath === undefined && !isPem(content)) return { pfx: content, ...passphrase }
  // A file of PEM may hold both.
  return { cert: content, key: keyPath === undefined ? content : read(resolve(contentRootPath, keyPath)), ...passphrase }
}

/**
 * The certificates by server name of a section `Sni`: a name, `*.` and a suffix, or `*`, the longest one winning. Undefined when the section is empty.
 */
export function readServerNames(
  section: Configuration,
  contentRootPath: string,
): ((serverName: string) => ServerCertificate | undefined) | undefined {
  const certificates = new Map<string, ServerCertificate>()
  for (const name of section.getChildren()) {
    const certificate = readCertificate(name.getSection('Certificate'), contentRootPath)
    if (certificate !== undefined) certificates.set(name.key.toLowerCase(), certificate)
  }
  if (certificates.size === 0) return undefined
  const suffixes = [...certificates.keys()].filter(name => name.startsWith('*')).sort((a, b) => b.length - a.length)
  return serverName => {
    const suffix = suffixes.find(pattern => serverName.endsWith(pattern.slice(1)))
    return certificates.get(serverName) ?? (suffix === undefined ? undefined : certificates.get(suffix))
  }
}

function isPem(content: Buffer): boolean {
  return content.includes('-----BEGIN ')
}

function read(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw hostingErrors.certificateUnreadable(path, error)
  }
}
