import type { ApplicationBuilder, WebSocketAcceptContext } from '@windhover/core'

/** Echoes messages on every path; answers 400 to what is no handshake. */
export function echo(app: ApplicationBuilder, accept: WebSocketAcceptContext = {}): void {
  app.run(async context => {
    if (!context.webSockets.isWebSocketRequest) {
      context.response.statusCode = 400
      return
    }
    const socket = await context.webSockets.acceptWebSocketAsync(accept)
    for await (const message of socket) await socket.sendAsync(message.data, message.type)
  })
}

/** Answers with the path as the pipeline sees it. */
export function tellPath(app: ApplicationBuilder): void {
  app.run(({ request, response }) => response.writeAsync(JSON.stringify([request.host.value, request.pathBase, request.path])))
}
