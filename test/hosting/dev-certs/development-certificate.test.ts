import { execFileSync, spawnSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ServerAddressesFeature } from '@windhover/core'
import {
  createDevelopmentCertificate,
  developmentCertificateFiles,
  loadDevelopmentCertificate,
  removeDevelopmentCertificate,
  WebHost,
} from '@windhover/hosting'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSelfSignedCertificate } from '../../../packages/hosting/src/dev-certs/self-signed-certificate.ts'

const day = 86_400_000
let home: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'windhover-home-'))
  vi.stubEnv('HOME', home)
  vi.stubEnv('USERPROFILE', home)
})

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(home, { recursive: true })
})

describe('the development certificate', () => {
  it('is one for localhost that lasts a year, vouches for itself and for no others', () => {
    const files = createDevelopmentCertificate()
    const certificate = new X509Certificate(readFileSync(files.cert))
    expect(certificate.subject).toBe('CN=localhost')
    expect(certificate.ca).toBe(false)
    expect([certificate.checkHost('localhost'), certificate.checkHost('a.dev.localhost'), certificate.checkHost('evil.example')]).toEqual([
      'localhost',
      '*.dev.localhost',
      undefined,
    ])
    expect([certificate.checkIP('127.0.0.1'), certificate.checkIP('::1')]).toEqual(['127.0.0.1', '::1'])
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(certificate.checkPrivateKey(createPrivateKey(readFileSync(files.key)))).toBe(true)
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']) // serverAuth
    expect(Math.round((Date.parse(certificate.validTo) - Date.now()) / day)).toBe(365)
  })

  it('is in the home of the user, where only the user can read its key', () => {
    const files = createDevelopmentCertificate()
    expect(files).toEqual(developmentCertificateFiles())
    expect(files.key.startsWith(home)).toBe(true)
    if (process.platform !== 'win32') expect(statSync(files.key).mode & 0o777).toBe(0o600)
  })

  it('is a new one each time that it is made', () => {
    const read = (): string => readFileSync(createDevelopmentCertificate().cert, 'utf8')
    expect(read()).not.toBe(read())
  })

  it('is none when it was removed, is no longer valid, or is damaged', () => {
    expect(loadDevelopmentCertificate()).toBeUndefined()
    const files = createDevelopmentCertificate()
    expect(loadDevelopmentCertificate()).toEqual({ cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') })
    const old = createSelfSignedCertificate({
      commonName: 'localhost',
      names: ['localhost'],
      notBefore: new Date(Date.now() - 2 * day),
      notAfter: new Date(Date.now() - day),
    })
    writeFileSync(files.cert, old.cert)
    expect(loadDevelopmentCertificate()).toBeUndefined()
    writeFileSync(files.cert, 'damaged')
    expect(loadDevelopmentCertificate()).toBeUndefined()
    removeDevelopmentCertificate()
    removeDevelopmentCertificate()
    expect(loadDevelopmentCertificate()).toBeUndefined()
  })

  it.runIf(spawnSync('openssl', ['version']).status === 0)('passes the eyes of OpenSSL, for every length of a number in DER', () => {
    for (let i = 0; i < 20; i++) {
      const { cert } = createDevelopmentCertificate()
      expect(
        execFileSync('openssl', ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', cert, cert], { encoding: 'utf8' }),
      ).toContain('OK')
    }
  })

  it('of a date from 2050 on has the longer form of time', () => {
    const notAfter = new Date('2051-02-03T04:05:06Z')
    const { cert } = createSelfSignedCertificate({ commonName: 'x', names: ['x'], notBefore: new Date(), notAfter })
    expect(Date.parse(new X509Certificate(cert).validTo)).toBe(notAfter.getTime())
  })
})

describe('a default host with an address of https and no certificate', () => {
  function build(environment: string): WebHost {
    return WebHost.createDefaultBuilder(['--environment', environment, '--urls', 'https://127.0.0.1:0'])
      .suppressStatusMessages()
      .configureLogging(logging => logging.clearProviders())
      .configure(app => app.run(({ response }) => response.writeAsync('hello')))
      .build()
  }

  it('uses the development certificate in Development', async () => {
    createDevelopmentCertificate()
    await using host = build('Development')
    await host.startAsync()
    expect(host.serverFeatures.getRequired(ServerAddressesFeature).addresses).toEqual([
      expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/),
    ])
  })

  it.each(['Development', 'Production'])('names the command that makes one: %s', async environment => {
    if (environment === 'Production') createDevelopmentCertificate()
    await using host = build(environment)
    await expect(host.startAsync()).rejects.toThrow(/npx windhover dev-certs https/)
  })
})

describe('windhover dev-certs https', () => {
  const program = new URL('../../../packages/windhover/src/cli.ts', import.meta.url).pathname

  /** Node 20 runs no TypeScript: what the build made of it is run. */
  function run(...args: readonly string[]): [number | null, string] {
    const built = program.replace('/src/', '/dist/').replace(/ts$/, 'js')
    const { status, stdout, stderr } = spawnSync(process.execPath, [built, ...args], { encoding: 'utf8' })
    return [status, stdout + stderr]
  }

  it('makes one, keeps it while it is valid, checks and removes it', () => {
    expect(run('dev-certs', 'https', '--check')).toEqual([1, expect.stringContaining('no valid development certificate')])
    expect(run('dev-certs', 'https')).toEqual([0, expect.stringContaining(developmentCertificateFiles().cert)])
    const made = readFileSync(developmentCertificateFiles().cert, 'utf8')
    expect(run('dev-certs', 'https')[0]).toBe(0)
    expect(readFileSync(developmentCertificateFiles().cert, 'utf8')).toBe(made)
    expect(run('dev-certs', 'https', '--check')[0]).toBe(0)
    expect(run('dev-certs', 'https', '--clean')[0]).toBe(0)
    expect(run('dev-certs', 'https', '--check')[0]).toBe(1)
  })

  it.each([[[]], [['dev-certs']], [['dev-certs', 'http']], [['dev-certs', 'https', '--what']]])('tells how it is used for %j', args => {
    expect(run(...args)).toEqual([2, expect.stringContaining('Usage: windhover dev-certs https')])
  })
})
