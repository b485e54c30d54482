// LOOP: `buffer` is the loop of the sample, `messages` the iterator. MIDDLEWARE: so many in front. STYLE: `async` ones suspend for the socket's life.
import { ServerAddressesFeature, WebHost, WebSocketMessage } from 'windhover'
import { ready, work } from './contract.mjs'

const { LOOP = 'messages', MIDDLEWARE = '0', STYLE = 'async', PREPARED } = process.env
const sockets = new Set()
const accept = { dangerousEnableCompression: work === 'deflate' }

class Startup {
  configure(app) {
    for (let i = 0; i < Number(MIDDLEWARE); i++) {
      app.use(STYLE === 'async' ? async (_context, next) => await next() : (_context, next) => next())
    }
    app.useWebSockets()
    app.run(work === 'broadcast' ? broadcast : LOOP === 'buffer' ? buffers : messages)
  }
}

async function buffers(context) {
  const socket = await context.webSockets.acceptWebSocketAsync(accept)
  const buffer = new Uint8Array(4 * 1024)
  let result = await socket.receiveAsync(buffer)
  while (result.closeStatus === undefined) {
    await socket.sendAsync(buffer.subarray(0, result.count), result.messageType, result.endOfMessage)
    result = await socket.receiveAsync(buffer)
  }
  await socket.closeAsync(result.closeStatus, result.closeStatusDescription)
}

async function messages(context) {
  const socket = await context.webSockets.acceptWebSocketAsync(accept)
  for await (const message of socket) await socket.sendAsync(message.data, message.type)
}

async function broadcast(context) {
  const socket = await context.webSockets.acceptWebSocketAsync(accept)
  sockets.add(socket)
  try {
    for await (const message of socket) {
      const data = PREPARED === 'yes' ? WebSocketMessage.prepare(message.data, message.type) : message.data
      await Promise.all(Array.from(sockets, other => other.sendAsync(data)))
    }
  } finally {
    sockets.delete(socket)
  }
}

const host = WebHost.createDefaultBuilder(['--urls', 'http://127.0.0.1:0'])
  .configureLogging(logging => logging.clearProviders())
  .suppressStatusMessages()
  .useStartup(Startup)
  .build()
await host.startAsync()
ready(Number(new URL(host.serverFeatures.get(ServerAddressesFeature).addresses[0]).port))
