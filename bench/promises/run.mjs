// npm run promises: five questions about what happens to a socket, put to every stack. Each question gets a fresh process.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { anonymousUpgrade, connect } from './client.mjs'
import { promiseTable } from './table.mjs'

const stacks = [
  ['ws', 'ws'],
  ['express-ws', 'express', 'express-ws'],
  ['koa-easy-ws', 'koa', 'koa-easy-ws'],
  ['fastify-websocket', 'fastify', '@fastify/websocket'],
  ['hono', 'hono', '@hono/node-server'],
  ['crossws', 'crossws'],
  ['socket.io', 'socket.io'],
  ['windhover', 'windhover'],
]
const hangs = 3000

/** T: an asynchronous handler throws. */
async function throwing(stack, server) {
  const other = await connect(stack, server.port)
  const socket = await connect(stack, server.port)
  await pause(150)
  socket.send('throw')
  const end = await Promise.race([server.exited.then(() => 'process exits'), socket.closed, pause(1000, 'nothing')])
  if (end === 'process exits') return end
  await pause(100)
  const alive = !server.hasExited()
  other.drop()
  return alive ? `closes ${end}, the process lives` : 'process exits'
}

/** How many handlers of one connection run at once when 1,000 messages come. */
async function atOnce(stack, server) {
  const socket = await connect(stack, server.port)
  await pause(150)
  for (let i = 0; i < 1000; i++) socket.send(`message ${i}`)
  socket.send('most at once?')
  return Promise.race([socket.answer(), pause(20_000, 'no answer')])
}

/** M: a guard answers 401; what does a handshake without credentials get? */
async function anonymous(stack, server) {
  const status = await anonymousUpgrade(stack, server.port)
  return status === 101 ? '101 (bypassed)' : String(status)
}

/** A message sent at once, while the server still awaits something. */
async function firstMessage(stack, server) {
  if (stack === 'socket.io') return 'n/a'
  const socket = await connect(stack, server.port)
  socket.send('first')
  await pause(200)
  socket.send('saw first?')
  return (await Promise.race([socket.answer(), pause(1000, 'no answer')])) === 'true' ? 'kept' : 'lost'
}

/** S: the server is stopped, as its documentation says, with one socket open. */
async function stopping(stack, server) {
  const socket = await connect(stack, server.port)
  await pause(150)
  const start = performance.now()
  server.stop()
  const code = await Promise.race([socket.closed, pause(hangs)])
  if (code === undefined) return 'hangs'
  const ended = await Promise.race([server.exited.then(() => true), pause(hangs, false)])
  return ended ? `closes ${code} (${Math.round(performance.now() - start)} ms)` : `closes ${code}, then hangs`
}

async function start(stack) {
  const script = fileURLToPath(new URL(`servers/${stack}.mjs`, import.meta.url))
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'ignore'] })
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const [line] = await Promise.race([
    once(lines, 'line'),
    exited.then(() => {
      throw new Error(`${stack} did not start`)
    }),
  ])
  return {
    port: JSON.parse(line).port,
    exited,
    hasExited: () => child.exitCode !== null || child.signalCode !== null,
    stop: () => child.kill('SIGTERM'),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

async function ask(question, stack) {
  const server = await start(stack)
  try {
    return await question(stack, server)
  } finally {
    await server[Symbol.asyncDispose]()
  }
}

function versionOf(name) {
  const folder =
    name === 'windhover' ? new URL('../../packages/windhover/', import.meta.url) : new URL(`../node_modules/${name}/`, import.meta.url)
  return JSON.parse(readFileSync(new URL('package.json', folder))).version
}

const rows = []
for (const [stack, ...packages] of stacks) {
  const row = { stack: packages.map(name => `${name} ${versionOf(name)}`).join(' + ') }
  for (const [name, question] of Object.entries({ throwing, atOnce, anonymous, firstMessage, stopping })) {
    process.stderr.write(`${stack}: ${name}\n`)
    row[name] = await ask(question, stack)
  }
  rows.push(row)
}

const results = { node: process.versions.node, date: new Date().toISOString().slice(0, 10), rows }
console.log(promiseTable(results))
writeFileSync(new URL('results.json', import.meta.url), `${JSON.stringify(results, null, 2)}\n`)

const readme = new URL('../../README.md', import.meta.url)
writeFileSync(
  readme,
  readFileSync(readme, 'utf8').replace(/(?<=<!-- promises -->\n)[\s\S]*(?=\n<!-- \/promises -->)/, () => promiseTable(results)),
)
