#!/usr/bin/env node
import {
  createDevelopmentCertificate,
  developmentCertificateFiles,
  loadDevelopmentCertificate,
  removeDevelopmentCertificate,
} from '@windhover/hosting'

const usage = `Usage: windhover dev-certs https [--check | --clean]

Makes the certificate with which a host in Development serves https://localhost, unless there is a valid one.

  --check   only tells whether there is a valid one: exit code 0, else 1
  --clean   removes it`

process.exitCode = run(process.argv.slice(2))

/** Gives the exit code. */
function run([command, kind, option, ...rest]: readonly string[]): number {
  if (command !== 'dev-certs' || kind !== 'https' || rest.length > 0) return misused()
  if (option === '--check') return check()
  if (option === '--clean') return clean()
  return option === undefined ? create() : misused()
}

function create(): number {
  if (loadDevelopmentCertificate() !== undefined) return check()
  const { cert } = createDevelopmentCertificate()
  console.log(`The development certificate was made, for a year: ${cert}`)
  console.log('Browsers warn of it until they trust it. docs/guide/https-and-http2.md says how they come to.')
  return 0
}

function check(): number {
  const isThere = loadDevelopmentCertificate() !== undefined
  console.log(
    isThere
      ? `A valid development certificate is there: ${developmentCertificateFiles().cert}`
      : 'There is no valid development certificate.',
  )
  return isThere ? 0 : 1
}

function clean(): number {
  removeDevelopmentCertificate()
  console.log('There is no development certificate any more.')
  return 0
}

function misused(): number {
  console.error(usage)
  return 2
}
