import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { ApplicationBuilder, FeatureCollection, type FeatureSource, HttpContext, ServiceCollection, type WebSocket } from '@windhover/core'
import { HttpApplication, NodeServer } from '@windhover/hosting'
import { MemorySocket } from '@windhover/testing'
import type { WebSocketOptions } from '@windhover/websockets'

export type EchoLoop = 'buffer loop' | 'message loop'

/** The real server with an echo behind `useWebSockets`, over connections in memory. */
export class EchoServer {
  readonly #server: NodeServer

  private constructor(server: NodeServer) {
    this.#server = server
  }

  static async startAsync(loop: EchoLoop, options: Partial<WebSocketOptions> = {}): Promise<EchoServer> {
    const app = new ApplicationBuilder(new ServiceCollection().buildServiceProvider())
    app.useWebSockets({ closeTimeout: 1000, ...options })
    app.run(async context => {
      const socket = await context.webSockets.acceptWebSocketAsync({ dangerousEnableCompression: true })
      await (loop === 'buffer loop' ? echoBuffers(socket) : echoMessages(socket))
    })
    const server = new NodeServer({ listen: false })
    await server.startAsync(new PipelineApplication(app))
    return new EchoServer(server)
  }

  /** A connection on which the handshake is done. */
  async connectAsync(extensions?: string): Promise<Duplex> {
    const { connection, agreed } = await this.openAsync(extensions)
    if (extensions !== undefined && agreed === undefined) throw new Error('The extension was not agreed to.')
    return connection
  }

  /** The same, with the extensions that the server has agreed to. */
  async openAsync(extensions?: string): Promise<{ connection: Duplex; agreed: string | undefined }> {
    const { client, server } = MemorySocket.pair({
      localAddress: '127.0.0.1',
      localPort: 5000,
      remoteAddress: '127.0.0.1',
      remotePort: 50_000,
    })
    this.#server.connect(server)
    client.write(
      [
        'GET / HTTP/1.1',
        'Host: localhost',
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
        ...(extensions === undefined ? [] : [`Sec-WebSocket-Extensions: ${extensions}`]),
        '\r\n',
      ].join('\r\n'),
    )
    const [head] = (await once(client, 'data')) as [Buffer]
    const lines = head.toString('latin1')
    if (!lines.startsWith('HTTP/1.1 101')) throw new Error(`The handshake was refused: ${lines}`)
    return { connection: client, agreed: /^Sec-WebSocket-Extensions: (.*)\r$/im.exec(lines)?.[1] }
  }

  stopAsync(): Promise<void> {
    return this.#server[Symbol.asyncDispose]()
  }
}

class PipelineApplication extends HttpApplication<HttpContext> {
  readonly #pipeline: ReturnType<ApplicationBuilder['build']>

  constructor(app: ApplicationBuilder) {
    super()
    this.#pipeline = app.build()
  }

  createContext(features: FeatureSource): HttpContext {
    return new HttpContext(new FeatureCollection(features))
  }

  processRequestAsync(context: HttpContext): Promise<void> | void {
    return this.#pipeline(context)
  }

  disposeContext(): void {}
}

async function echoBuffers(socket: WebSocket): Promise<void> {
  const buffer = new Uint8Array(4 * 1024)
  let result = await socket.receiveAsync(buffer)
  while (result.closeStatus === undefined) {
    await socket.sendAsync(buffer.subarray(0, result.count), result.messageType, result.endOfMessage)
    result = await socket.receiveAsync(buffer)
  }
  await socket.closeAsync(result.closeStatus, result.closeStatusDescription)
}

async function echoMessages(socket: WebSocket): Promise<void> {
  for await (const message of socket) await socket.sendAsync(message.data, message.type)
}
