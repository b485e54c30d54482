#!/usr/bin/env node
// The echo of the conformance tests as a program of its own, for suites that come from outside: see README.md. Build first: `npm run build`.
import { parseArgs } from 'node:util'
import { WebApplication } from 'windhover'

const { port } = parseArgs({ options: { port: { type: 'string', default: '9001' } } }).values
const accept = { dangerousEnableCompression: true }

const builder = WebApplication.createBuilder(['--urls', `http://127.0.0.1:${port}`])
builder.logging.clearProviders()
const app = builder.build()
// Suites send messages of 16 MiB, which only the loop over messages needs as a whole.
app.useWebSockets({ maxMessageSize: 16 * 1024 * 1024 })
app.map('/messages', branch => branch.run(async context => echoMessages(await context.webSockets.acceptWebSocketAsync(accept))))
app.run(async context => echoBuffers(await context.webSockets.acceptWebSocketAsync(accept)))
console.log(`Echo on ws://127.0.0.1:${port}/ (receives into a buffer) and ws://127.0.0.1:${port}/messages (receives messages)`)
await app.runAsync()

async function echoBuffers(socket) {
  const buffer = new Uint8Array(4 * 1024)
  let result = await socket.receiveAsync(buffer)
  while (result.closeStatus === undefined) {
    await socket.sendAsync(buffer.subarray(0, result.count), result.messageType, result.endOfMessage)
    result = await socket.receiveAsync(buffer)
  }
  await socket.closeAsync(result.closeStatus, result.closeStatusDescription)
}

async function echoMessages(socket) {
  for await (const message of socket) await socket.sendAsync(message.data, message.type)
}
