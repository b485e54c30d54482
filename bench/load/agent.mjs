// The load generator: one process beside each server, which runs one kind of load after the other as it is told by lines of JSON.
import { createInterface } from 'node:readline'
import { broadcast } from './broadcast.mjs'
import { echo } from './echo.mjs'
import { fairness } from './fairness.mjs'
import { handshakes } from './handshakes.mjs'
import { http } from './http.mjs'
import { hold, letGo, rotate } from './idle.mjs'

const loads = { broadcast, echo, fairness, handshakes, hold, http, letGo, rotate }

for await (const line of createInterface({ input: process.stdin })) {
  const { kind, options } = JSON.parse(line)
  try {
    console.log(JSON.stringify({ result: (await loads[kind](options)) ?? null }))
  } catch (error) {
    console.log(JSON.stringify({ error: error.stack }))
  }
}
process.exit()
