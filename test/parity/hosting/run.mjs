#!/usr/bin/env node
// Compares an implementation with what was recorded from ASP.NET Core: `node run.mjs [--command "node adapter.mjs"] [--part tables] [--brief]`.
// Build first: `npx tsc -b test/parity`.
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { compareAsync } from '../dist/hosting/runner/compare.js'

const folder = fileURLToPath(new URL('.', import.meta.url))
const { values } = parseArgs({ options: { command: { type: 'string' }, part: { type: 'string' }, brief: { type: 'boolean' } } })
const command = values.command?.split(' ') ?? [process.execPath, fileURLToPath(new URL('adapter.mjs', import.meta.url))]
process.exitCode = (await compareAsync({ ...values, folder, command })) ? 0 : 1
