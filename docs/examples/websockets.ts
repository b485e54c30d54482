// The code of docs/guide/websockets.md: each region stands in the guide word for word, and test/docs runs it.
import { setTimeout as delay } from 'node:timers/promises'
import {
  type ApplicationBuilder,
  ForwardedHeaders,
  type HttpContext,
  runSideBySide,
  type ServiceCollection,
  type WebSocket,
  WebSocketMessage,
} from 'windhover'

export function withDefaults(app: ApplicationBuilder): void {
  // #region configure
  app.useWebSockets()
  // #endregion
}

export function withOptions(app: ApplicationBuilder): void {
  // #region options
  app.useWebSockets({
    keepAliveInterval: 120_000,
    keepAliveTimeout: 30_000,
    allowedOrigins: ['https://client.example', 'https://www.client.example'],
  })
  // #endregion
}

// #region services
export function configureServices(services: ServiceCollection): void {
  services.addWebSockets(options => {
    options.keepAliveInterval = 60_000
  })
}
// #endregion

export function acceptAtOnePath(app: ApplicationBuilder): void {
  app.useWebSockets()
  // #region accept
  app.use(async (context, next) => {
    if (context.request.path !== '/ws') return next()
    if (!context.webSockets.isWebSocketRequest) {
      context.response.statusCode = 400
      return
    }
    using socket = await context.webSockets.acceptWebSocketAsync()
    await echo(socket)
  })
  // #endregion
}

// #region echo
async function echo(socket: WebSocket): Promise<void> {
  const buffer = new Uint8Array(4 * 1024)
  let result = await socket.receiveAsync(buffer)
  while (result.closeStatus === undefined) {
    await socket.sendAsync(buffer.subarray(0, result.count), result.messageType, result.endOfMessage)
    result = await socket.receiveAsync(buffer)
  }
  await socket.closeAsync(result.closeStatus, result.closeStatusDescription)
}
// #endregion

export function messageLoop(app: ApplicationBuilder): void {
  app.useWebSockets()
  app.map('/messages', branch =>
    branch.run(async context => {
      const socket = await context.webSockets.acceptWebSocketAsync()
      // #region messages
      for await (const message of socket) {
        if (message.type === 'text') await socket.sendAsync(message.data.toUpperCase())
        else await socket.sendAsync(message.data)
      }
      // #endregion
    }),
  )
}

export function subProtocol(app: ApplicationBuilder): void {
  app.useWebSockets()
  app.run(async context => {
    // #region sub-protocol
    const offered = context.webSockets.webSocketRequestedProtocols
    const subProtocol = ['chat.v2', 'chat.v1'].find(protocol => offered.includes(protocol))
    if (subProtocol === undefined) {
      context.response.statusCode = 400
      return
    }
    const socket = await context.webSockets.acceptWebSocketAsync(subProtocol)
    // #endregion
    for await (const message of socket) await socket.sendAsync(message.data)
  })
}

export function compression(app: ApplicationBuilder): void {
  app.useWebSockets()
  app.run(async context => {
    // #region compression
    const socket = await context.webSockets.acceptWebSocketAsync({
      dangerousEnableCompression: true,
      serverMaxWindowBits: 12,
    })
    for await (const message of socket) {
      await socket.sendAsync(message.data, message.type, true, { disableCompression: containsSecret(message.data) })
    }
    // #endregion
  })
}

function containsSecret(data: string | Uint8Array): boolean {
  return typeof data === 'string' && data.includes('token')
}

export function unwinding(app: ApplicationBuilder, log: (line: string) => void): void {
  app.useWebSockets()
  // #region unwinding
  app.use(async function timing(context, next) {
    const start = performance.now()
    try {
      await next()
    } finally {
      log(`${context.request.path} took ${Math.round(performance.now() - start)} ms`)
    }
  })

  app.run(async context => {
    using socket = await context.webSockets.acceptWebSocketAsync()
    for await (const message of socket) await socket.sendAsync(message.data)
  })
  // #endregion
}

export function authenticated(app: ApplicationBuilder): void {
  // #region authenticated
  app.use(async function requireUser(context, next) {
    if (isSignedIn(context)) return next()
    context.response.statusCode = 401
    context.response.headers.set('WWW-Authenticate', 'Bearer')
  })
  app.useWebSockets()
  // #endregion
  app.run(async context => {
    const socket = await context.webSockets.acceptWebSocketAsync()
    for await (const message of socket) await socket.sendAsync(message.data)
  })
}

export function behindProxy(app: ApplicationBuilder): void {
  // #region forwarded
  app.useForwardedHeaders({
    forwardedHeaders: ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
    knownNetworks: ['10.0.0.0/8'],
  })
  app.useWebSockets()
  // #endregion
}

function isSignedIn(context: HttpContext): boolean {
  return context.request.headers.get('authorization') === 'Bearer let-me-in'
}

// #region broadcast
export class ChatRoom {
  readonly #sockets = new Set<WebSocket>()

  async joinAsync(socket: WebSocket): Promise<void> {
    this.#sockets.add(socket)
    try {
      for await (const message of socket) this.#broadcast(message.data)
    } finally {
      this.#sockets.delete(socket)
    }
  }

  #broadcast(data: string | Uint8Array): void {
    const message = WebSocketMessage.prepare(data)
    for (const socket of this.#sockets) void socket.sendAsync(message)
  }
}
// #endregion

export function chat(app: ApplicationBuilder): void {
  app.useWebSockets()
  const room = new ChatRoom()
  app.run(async context => {
    const socket = await context.webSockets.acceptWebSocketAsync()
    await room.joinAsync(socket)
  })
}

export function idleLimit(app: ApplicationBuilder): void {
  app.useWebSockets()
  app.run(async context => {
    const socket = await context.webSockets.acceptWebSocketAsync()
    // #region close
    const first = await socket.receiveMessageAsync()
    if (first?.type !== 'text' || first.data !== 'hello') {
      await socket.closeAsync(1008, 'say hello first')
      return
    }
    // #endregion
    await socket.sendAsync('welcome')
  })
}

export function ticker(app: ApplicationBuilder, interval: number): void {
  app.useWebSockets()
  app.run(async context => {
    const socket = await context.webSockets.acceptWebSocketAsync()
    // #region side-by-side
    await runSideBySide(socket, echoLoop, tickLoop)

    async function echoLoop(socket: WebSocket, signal: AbortSignal): Promise<void> {
      for await (const message of socket.messages({ signal })) await socket.sendAsync(message.data)
    }

    async function tickLoop(socket: WebSocket, signal: AbortSignal): Promise<void> {
      for (let tick = 1; ; tick++) {
        await socket.sendAsync(`tick ${tick}`)
        await delay(interval, undefined, { signal })
      }
    }
    // #endregion
  })
}
