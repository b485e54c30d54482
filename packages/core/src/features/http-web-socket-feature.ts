import type { WebSocket } from '../web-sockets/web-socket.ts'
import type { WebSocketAcceptContext } from '../web-sockets/web-socket-accept-context.ts'
import { createFeatureKey, type FeatureKey } from './feature-collection.ts'

/** Accepts WebSockets on this request; `useWebSockets` adds it. (ASP.NET Core: IHttpWebSocketFeature) */
export interface HttpWebSocketFeature {
  readonly isWebSocketRequest: boolean
  acceptAsync(context: WebSocketAcceptContext): Promise<WebSocket>
}

export const HttpWebSocketFeature: FeatureKey<HttpWebSocketFeature> = createFeatureKey('HttpWebSocketFeature')
