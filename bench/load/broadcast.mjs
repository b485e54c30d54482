// One socket asks, every socket gets the message: the next one is asked for when the last one has come everywhere.
import { writeFileSync } from 'node:fs'
import { peakBytes, residentBytes } from '../lib/machine.mjs'
import { byteCounter } from './counting.mjs'
import { clientFrame, headerLength, openMany } from './raw-socket.mjs'
import { measureSpan } from './span.mjs'

export async function broadcast({ port, pid, sockets: count, size, socketIo = false, warmUp, seconds }) {
  const sockets = await openMany(count, port, { socketIo, path: `/ws?size=${size}` })
  const text = Buffer.from(socketIo ? `42["message","${'x'.repeat(size)}"]` : 'x'.repeat(size))
  const frame = clientFrame(1, text)
  let deliveries = 0
  let missing = count
  for (const socket of sockets) {
    const counter = byteCounter(headerLength(text.length) + text.length, 0x81)
    socket.on('data', chunk => {
      const complete = counter(chunk)
      deliveries += complete
      missing -= complete
      if (missing > 0) return
      missing += count
      sockets[0].write(frame)
    })
  }
  const before = residentBytes(pid)
  writeFileSync(`/proc/${pid}/clear_refs`, '5') // Linux forgets the peak that was.
  sockets[0].write(frame)
  const result = await measureSpan({ pid, warmUp, seconds }, () => deliveries)
  const peakMiB = Math.max(0, peakBytes(pid) - before) / 2 ** 20
  for (const socket of sockets) socket.destroy()
  return { ...result, peakMiB }
}
