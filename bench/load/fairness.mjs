// How long quiet sockets wait for their answers, first among themselves, then while one more socket sends as fast as the server takes it.
import { setTimeout as pause } from 'node:timers/promises'
import { startFlood } from './flood.mjs'
import { clientFrame, openMany } from './raw-socket.mjs'

const size = 32
const frame = clientFrame(1, Buffer.alloc(size, 'x'))
/** The percentile is taken for each slice, and the median of the slices counts: a pause of the machine spoils one slice and not the result. */
const sliceMillis = 100
/** So long a server may need for what the flood has left behind. */
const settleMillis = 500

export async function fairness({ port, quiet, restMillis, warmUp, seconds }) {
  const sockets = await openMany(quiet, port, { path: `/ws?size=${size}` })
  const flood = await startFlood({ port, size })
  const latencies = sockets.map(socket => askNowAndThen(socket, restMillis))

  // The flood comes first, so that neither span is measured with code that is not compiled yet.
  flood.begin()
  await pause(warmUp * 1000)
  flood.pause()
  await pause(settleMillis)
  const calm = await percentile99(latencies, seconds)

  flood.begin()
  await pause(settleMillis)
  const [answers, start] = [await flood.answers(), performance.now()]
  const flooded = await percentile99(latencies, seconds)
  const floodPerSecond = (((await flood.answers()) - answers) * 1000) / (performance.now() - start)
  await flood.end()
  for (const socket of sockets) socket.destroy()
  return { calmMicros: calm * 1000, floodedMicros: flooded * 1000, timesLonger: flooded / calm, floodPerSecond }
}

/** Sends a message, waits for its answer, rests, and so on. Hands out the latencies since it was asked last, in milliseconds. */
function askNowAndThen(socket, restMillis) {
  const latencies = []
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
  return () => latencies.splice(0)
}

async function percentile99(latencies, seconds) {
  const slices = []
  for (const take of latencies) take()
  for (let left = Math.max(5, Math.round((seconds * 1000) / sliceMillis)); left > 0; left--) {
    await pause(sliceMillis)
    const sorted = latencies.flatMap(take => take()).sort((a, b) => a - b)
    slices.push(sorted[Math.floor(0.99 * sorted.length)] ?? sliceMillis)
  }
  return slices.sort((a, b) => a - b)[slices.length >> 1]
}
