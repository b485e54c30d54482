// node works/echo.mjs [--quick]: messages per second and processor time per message, every stack in turn, several rounds.
import { fileURLToPath } from 'node:url'
import { description } from '../lib/machine.mjs'
import { runLoad, startServer } from '../lib/server-process.mjs'
import { median, spread } from '../lib/statistics.mjs'

const quick = process.argv.includes('--quick')
const only = process.argv
  .find(argument => argument.startsWith('--stacks='))
  ?.slice('--stacks='.length)
  .split(',')
const rounds = quick ? 3 : 5
const path = name => fileURLToPath(new URL(`../${name}`, import.meta.url))
const node = (script, environment) => ({ command: [process.execPath, path(script)], environment })

const shapes = [
  { connections: 64, inFlight: 1, size: 32, type: 'text' },
  { connections: 64, inFlight: 64, size: 32, type: 'text' },
  { connections: 64, inFlight: 64, size: 32, type: 'binary' },
  { connections: 64, inFlight: 16, size: 1024, type: 'text' },
  { connections: 64, inFlight: 1, size: 65_536, type: 'binary' },
  { connections: 16, inFlight: 1, size: 1_048_576, type: 'binary' },
]

const stacks = {
  ws: () => node('servers/echo/ws.mjs'),
  'windhover, the sample': () => node('servers/echo/sample.mjs'),
  'windhover, buffer loop': () => node('servers/echo/windhover.mjs', { LOOP: 'buffer' }),
  'windhover, message loop': () => node('servers/echo/windhover.mjs', { LOOP: 'messages' }),
  'floor of node:net': ({ size }) => node('servers/echo/floor.mjs', { SIZE: String(size) }),
}
const names = Object.keys(stacks).filter(name => !only || only.some(part => name.includes(part)))

console.log(`${description()}\n`)
console.log('| messages | stack | messages/s | CPU us/message | x ws | spread |\n|---|---|---|---|---|---|')
for (const shape of shapes) {
  const results = new Map(names.map(name => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 ? names.toReversed() : names) {
      process.stderr.write(`round ${round + 1}/${rounds}: ${JSON.stringify(shape)} ${name}        \r`)
      results.get(name).push(await measure(stacks[name](shape), shape))
    }
  }
  const rate = name => median(results.get(name).map(result => result.messagesPerSecond))
  for (const name of names) {
    const rates = results.get(name).map(result => result.messagesPerSecond)
    const cpu = median(results.get(name).map(result => result.cpuMicrosPerMessage))
    console.log(
      `| ${shape.connections} x ${shape.inFlight} x ${shape.size} B ${shape.type} | ${name} | ${Math.round(rate(name)).toLocaleString('en')} | ${cpu.toFixed(2)} | ${results.has('ws') ? (rate(name) / rate('ws')).toFixed(2) : ''} | ${Math.round(spread(rates) * 100)}% |`,
    )
  }
}

async function measure({ command, environment }, shape) {
  const server = await startServer(command, environment)
  try {
    return await runLoad(path('load/echo.mjs'), { ...shape, port: server.port, pid: server.pid, warmUp: 0.7, seconds: quick ? 1.5 : 3 })
  } finally {
    await server.stop()
  }
}
