#!/usr/bin/env node
// The server that `run.mjs` compares with the recordings. Build first: `npx tsc -b test/parity`.
import { runServerAsync } from '../dist/websockets/parity-server.js'

await runServerAsync(process.argv.slice(2))
