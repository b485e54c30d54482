#!/usr/bin/env node
// Carries out parity cases with Windhover: a line of JSON in, a line of JSON out, until the input ends. `node adapter.mjs host` runs the one host that the
// variable PARITY_CASE describes. Build first: `npx tsc -b test/parity`.
import { runAdapterAsync } from '../dist/hosting/adapter.js'

await runAdapterAsync(process.argv.slice(2))
