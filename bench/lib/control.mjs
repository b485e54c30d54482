// Loaded into every server of Node and Bun beside its own script: lets the bench ask for a garbage collection, and for an end that writes profiles.
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'

createInterface({ input: process.stdin }).on('line', async line => {
  if (line === 'exit') process.exit(0)
  for (let i = 0; i < 4; i++) {
    if (typeof Bun === 'undefined') globalThis.gc()
    else Bun.gc(true)
    await pause(50)
  }
  console.log('{"collected":true}')
})
