#!/usr/bin/env node
// Records again what ASP.NET Core does, into the files of the cases: `npm run parity:record [-- --part hosting/tables/path]`.
// Needs the .NET SDK. The result of the release that recorded them is the files as they are: `git diff` shows what another release does differently.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { recordAsync } from './dist/hosting/runner/record.js'
import { buildReferenceProgram, missingSdk } from './dist/recorder/reference-program.js'
import { recordAll } from './websockets/runner/record.mjs'
import { loadScenarios } from './websockets/runner/scenarios.mjs'

const { part } = parseArgs({ options: { part: { type: 'string', default: '' } } }).values
const here = fileURLToPath(new URL('.', import.meta.url))

const problem = missingSdk()
if (problem !== undefined) {
  console.error(problem)
  process.exit(1)
}
if (concerns('hosting')) await recordHosting()
if (concerns('websockets')) await recordWebSockets()

async function recordHosting() {
  const folder = join(here, 'hosting')
  const command = buildReferenceProgram(join(folder, 'reference/Parity.Reference.csproj'), 'parity-reference')
  await recordAsync({ folder, command, part: below('hosting') })
}

async function recordWebSockets() {
  const folder = join(here, 'websockets')
  const command = buildReferenceProgram(join(folder, 'aspnetcore/ParityServer.csproj'), 'ParityServer').join(' ')
  const scenarios = loadScenarios(join(folder, 'scenarios'), `${below('websockets')}*`)
  await recordAll(scenarios, { folder, command, sites: join(folder, 'sites.json') })
}

function concerns(comparison) {
  return part.startsWith(comparison) || comparison.startsWith(part)
}

/** The rest of `--part` within a comparison. */
function below(comparison) {
  return part.slice(comparison.length + 1)
}
