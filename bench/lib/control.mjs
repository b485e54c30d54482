// Loaded into every server of Node and Bun beside its own script: lets the bench ask for a garbage collection and for a profile.
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'

let profiler

const orders = createInterface({ input: process.stdin })
orders.on('close', () => process.exit()) // The bench has gone.
orders.on('line', async line => {
  const [order, file] = line.split(' ')
  if (order === 'gc') await collect()
  else if (order === 'profile') await beginProfile()
  else if (order === 'write') await writeProfile(file)
  console.log('{"done":true}')
})

async function collect() {
  for (let i = 0; i < 4; i++) {
    if (typeof Bun === 'undefined') globalThis.gc()
    else Bun.gc(true)
    await pause(50)
  }
}

async function beginProfile() {
  const { Session } = await import('node:inspector/promises')
  profiler = new Session()
  profiler.connect()
  await profiler.post('Profiler.enable')
  await profiler.post('Profiler.start')
}

async function writeProfile(file) {
  const { profile } = await profiler.post('Profiler.stop')
  writeFileSync(file, JSON.stringify(profile))
}
