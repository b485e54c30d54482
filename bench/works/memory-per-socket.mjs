import { setTimeout as pause } from 'node:timers/promises'

/**
 * The resident memory of the whole server process, after garbage collection, with and without the sockets. Some sockets come and go before, so that what
 * the first ones need (compiled code, pools) is not counted as theirs.
 */
export async function memoryPerSocket({ server, load, count, options = {} }) {
  await load('hold', { port: server.port, count: Math.min(500, count), ...options })
  await load('letGo', {})
  await pause(200)
  const before = await server.residentBytesAfterGc()
  await load('hold', { port: server.port, count, ...options })
  const after = await server.residentBytesAfterGc()
  await load('letGo', {})
  return { kibPerSocket: (after - before) / 1024 / count }
}
