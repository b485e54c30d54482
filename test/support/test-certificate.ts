import { type CertificatePair, createSelfSignedCertificate } from '../../packages/hosting/src/dev-certs/self-signed-certificate.ts'

/** A certificate for these names that is valid now. */
export function testCertificate(...names: readonly string[]): CertificatePair {
  const now = Date.now()
  return createSelfSignedCertificate({
    commonName: names[0] ?? 'localhost',
    names: names.length === 0 ? ['localhost', '127.0.0.1'] : names,
    notBefore: new Date(now - 60_000),
    notAfter: new Date(now + 3_600_000),
  })
}
