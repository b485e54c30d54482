import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIPv4 } from 'node:net'
import { bits, boolean, der, integer, objectId, octets, sequence, set, tagged, time, utf8 } from './der.ts'

const ids = {
  commonName: '2.5.4.3',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  extKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
}

const signatureAlgorithm = sequence(objectId(ids.ecdsaWithSha256))
/** The first bit alone. */
const digitalSignature = bits(Buffer.from([0x80]), 7)

export interface SelfSignedCertificateOptions {
  readonly commonName: string
  /** Host names and IPv4 addresses, or `::1`. */
  readonly names: readonly string[]
  readonly notBefore: Date
  readonly notAfter: Date
}

/** Certificate and key in PEM. */
export interface CertificatePair {
  readonly cert: string
  readonly key: string
}

/**
 * Makes a certificate for TLS that vouches for itself (RFC 5280), with a new key on P-256. Node makes keys and signatures but no certificates; these 60 lines are what is
 * missing, in place of a dependency that everybody would install in production.
 */
export function createSelfSignedCertificate({ commonName, names, notBefore, notAfter }: SelfSignedCertificateOptions): CertificatePair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const name = sequence(set(sequence(objectId(ids.commonName), utf8(commonName))))
  const toBeSigned = sequence(
    tagged(0, integer(Buffer.from([2]))), // version 3
    integer(serialNumber()),
    signatureAlgorithm,
    name,
    sequence(time(notBefore), time(notAfter)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(3, sequence(...extensions(publicKey, names))),
  )
  const certificate = sequence(toBeSigned, signatureAlgorithm, bits(sign('sha256', toBeSigned, privateKey)))
  return { cert: pem(certificate), key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string }
}

/** Positive, and not zero in its first byte. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16)
  bytes[0] = (bytes[0]! & 0x7f) | 0x40
  return bytes
}

function extensions(publicKey: KeyObject, names: readonly string[]): Buffer[] {
  const keyId = createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest()
  return [
    // No authority: what issues certificates is refused by Firefox as that of a server.
    extension(ids.basicConstraints, true, sequence()),
    extension(ids.keyUsage, true, digitalSignature),
    extension(ids.extKeyUsage, false, sequence(objectId(ids.serverAuth))),
    extension(ids.subjectAltName, false, sequence(...names.map(alternativeName))),
    extension(ids.subjectKeyIdentifier, false, octets(keyId)),
  ]
}

function extension(id: string, isCritical: boolean, value: Buffer): Buffer {
  return sequence(objectId(id), ...(isCritical ? [boolean(true)] : []), octets(value))
}

function alternativeName(name: string): Buffer {
  if (name === '::1') return der(0x87, Buffer.from([...Buffer.alloc(15), 1]))
  return isIPv4(name) ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name))
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g)!
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
