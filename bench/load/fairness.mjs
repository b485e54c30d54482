// How long quiet sockets wait for their answers, first among themselves, then while one more socket sends as fast as the server takes it.
import { setTimeout as pause } from 'node:timers/promises'
import { byteCounter } from './counting.mjs'
import { clientFrame, headerLength, openMany } from './raw-socket.mjs'

const size = 32
const frame = clientFrame(1, Buffer.alloc(size, 'x'))

export async function fairness({ port, quiet, restMillis, warmUp, seconds }) {
  const sockets = await openMany(quiet + 1, port, { path: `/ws?size=${size}` })
  const flooding = sockets.pop()
  let latencies = []
  for (const socket of sockets) {
    let sent = 0
    const send = () => {
      if (socket.destroyed) return
      sent = performance.now()
      socket.write(frame)
    }
    socket.on('data', () => {
      latencies.push(performance.now() - sent)
      setTimeout(send, restMillis * (0.5 + Math.random()))
    })
    setTimeout(send, restMillis * Math.random())
  }
  const span = async () => {
    await pause(warmUp * 1000)
    latencies = []
    await pause(seconds * 1000)
    return latencies.sort((a, b) => a - b)
  }
  const calm = await span()

  let floodAnswers = 0
  const count = byteCounter(headerLength(size) + size, 0x81)
  flooding.on('data', chunk => {
    floodAnswers += count(chunk)
  })
  const burst = Buffer.concat(Array(1500).fill(frame))
  const flood = () => {
    while (!flooding.destroyed && flooding.write(burst));
  }
  flooding.on('drain', flood)
  flood()
  const flooded = await span()
  for (const socket of [...sockets, flooding]) socket.destroy()
  const at = (sorted, part) => sorted[Math.floor(part * sorted.length)]
  return {
    calmMicros: at(calm, 0.99) * 1000,
    floodedMicros: at(flooded, 0.99) * 1000,
    timesLonger: at(flooded, 0.99) / at(calm, 0.99),
    floodPerSecond: floodAnswers / (seconds + warmUp),
  }
}
