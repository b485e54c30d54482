import './extensions.ts'

export { WebSocketLimits } from './options/web-socket-limits.ts'
export { type OnStopping, WebSocketOptions } from './options/web-socket-options.ts'
export { runSideBySide, type WebSocketLoop } from './socket/run-side-by-side.ts'
