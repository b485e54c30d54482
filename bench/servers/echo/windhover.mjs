import { ServerAddressesFeature, WebHost } from 'windhover'

// LOOP: 'buffer' is the loop of the sample, 'messages' the iterator.
const serve = process.env.LOOP === 'messages' ? messages : buffers

class Startup {
  configure(app) {
    app.useWebSockets()
    app.run(async context => serve(await context.webSockets.acceptWebSocketAsync()))
  }
}

async function buffers(socket) {
  const buffer = new Uint8Array(4 * 1024)
  let result = await socket.receiveAsync(buffer)
  while (result.closeStatus === undefined) {
    await socket.sendAsync(buffer.subarray(0, result.count), result.messageType, result.endOfMessage)
    result = await socket.receiveAsync(buffer)
  }
  await socket.closeAsync(result.closeStatus, result.closeStatusDescription)
}

async function messages(socket) {
  for await (const message of socket) await socket.sendAsync(message.data, message.type)
}

const host = WebHost.createDefaultBuilder(['--urls', 'http://127.0.0.1:0'])
  .configureLogging(logging => logging.clearProviders())
  .suppressStatusMessages()
  .useStartup(Startup)
  .build()
await host.startAsync()
console.log(JSON.stringify({ port: Number(new URL(host.serverFeatures.get(ServerAddressesFeature).addresses[0]).port) }))
