// What every script in servers/ does, so that they differ only in the stack.
import { setTimeout as pause } from 'node:timers/promises'

let now = 0
let most = 0
let sawFirst = false

/** What an application does when a client connects: it waits for something before it cares about messages. */
export const loadSession = () => pause(50)

/** The handler of a message: some asynchronous work, a bug on demand, and two questions. */
export async function handle(message, send) {
  switch (String(message)) {
    case 'throw':
      throw new Error('a bug in the handler')
    case 'most at once?':
      return send(String(most))
    case 'first':
      sawFirst = true
      return
    case 'saw first?':
      return send(String(sawFirst))
    default:
      most = Math.max(most, ++now)
      await pause(10)
      now--
  }
}

/** The guard that every stack installs as its own kind of middleware: 401 unless authenticated. */
export const isSignedIn = headers => (headers.get?.('authorization') ?? headers.authorization) === 'Bearer let-me-in'

/** Tells the port, and stops the server the way the stack's documentation does when asked to. */
export function ready(server, stop = () => server.close()) {
  const tell = () => console.log(JSON.stringify({ port: server.address().port }))
  if (server.listening) tell()
  else server.once('listening', tell)
  process.once('SIGTERM', stop)
}
