// The code of docs/guide/performance.md: each region stands in the guide word for word, and test/docs runs it.
import {
  type ApplicationBuilder,
  type LoggingBuilder,
  LogLevel,
  type WebSocket,
  WebSocketMessage,
  type WebSocketReceiveResult,
} from 'windhover'

// #region messages
export async function echoMessages(socket: WebSocket): Promise<void> {
  for await (const message of socket) await socket.sendAsync(message.data, message.type)
}
// #endregion

// #region buffer
export async function echoBuffers(socket: WebSocket): Promise<void> {
  const buffer = new Uint8Array(4 * 1024)
  let result = await socket.receiveAsync(buffer)
  while (result.closeStatus === undefined) {
    await socket.sendAsync(buffer.subarray(0, result.count), result.messageType, result.endOfMessage)
    result = await socket.receiveAsync(buffer)
  }
  await socket.closeAsync(result.closeStatus, result.closeStatusDescription)
}
// #endregion

// #region late
const nothing = new Uint8Array(0)

export async function receiveLate(socket: WebSocket, handle: (data: Uint8Array, result: WebSocketReceiveResult) => void): Promise<void> {
  for (;;) {
    await socket.receiveAsync(nothing) // waits for data and takes none
    const buffer = new Uint8Array(4 * 1024)
    const result = await socket.receiveAsync(buffer)
    if (result.closeStatus !== undefined) return socket.closeAsync(result.closeStatus)
    handle(buffer.subarray(0, result.count), result)
  }
}
// #endregion

// #region broadcast
export async function broadcast(sockets: Iterable<WebSocket>, text: string): Promise<void> {
  const message = WebSocketMessage.prepare(text, 'text')
  await Promise.allSettled(Array.from(sockets, socket => socket.sendAsync(message)))
}
// #endregion

export function middleware(app: ApplicationBuilder, measure: (ms: number) => void): void {
  // #region middleware
  app.use((context, next) => {
    context.response.headers.set('X-Frame-Options', 'DENY')
    return next() // nothing of this function stays while the socket lives
  })

  app.use(async (_context, next) => {
    const start = performance.now()
    await next() // this one waits as long as the socket lives
    measure(performance.now() - start)
  })
  // #endregion
}

export function logging(builder: LoggingBuilder): void {
  // #region logging
  builder.addFilter('Windhover', LogLevel.Warning)
  // #endregion
}
