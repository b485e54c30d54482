// A Startup class that imports only types gets `app.useWebSockets` from its program, which no test runs.
import '@windhover/websockets'

export type { TestApplication } from './build-test-host.ts'
export type { TestWebSocketOptions } from './client/connect-web-socket.ts'
export { TestWebSocket, type TestWebSocketClose } from './client/test-web-socket.ts'
export { MemorySocket, type MemorySocketAddresses } from './connections/memory-socket.ts'
export type { ConnectionOptions } from './connections/open-connection.ts'
export { HandshakeRejectedException } from './errors/handshake-rejected-exception.ts'
export { TestTimeoutException } from './errors/test-timeout-exception.ts'
export { TestResponseFeature } from './features/test-response-feature.ts'
export { type TestRequestInit, TestServer } from './test-server.ts'
export type { TestServerOptions } from './test-server-options.ts'
