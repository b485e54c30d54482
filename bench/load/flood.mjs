// The socket that floods, in a thread of its own with the lowest priority: what is measured is how long the server lets the quiet sockets wait, and not how long their own process does.
import { setPriority } from 'node:os'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { byteCounter } from './counting.mjs'
import { clientFrame, headerLength, openMany } from './raw-socket.mjs'

const lowest = 19

/** Opens a socket of its own; floods between `begin` and `pause`. */
export async function startFlood(options) {
  const worker = new Worker(new URL(import.meta.url), { workerData: options })
  const answer = () => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
  await answer()
  return {
    begin: () => worker.postMessage('begin'),
    pause: () => worker.postMessage('pause'),
    /** How many answers have come until now. */
    answers() {
      worker.postMessage('count')
      return answer()
    },
    end: () => worker.terminate(),
  }
}

async function flood({ port, size }) {
  setPriority(lowest)
  const [socket] = await openMany(1, port, { path: `/ws?size=${size}` })
  const burst = Buffer.concat(Array(1500).fill(clientFrame(1, Buffer.alloc(size, 'x'))))
  const count = byteCounter(headerLength(size) + size, 0x81)
  let isOn = false
  let answers = 0
  const write = () => {
    while (isOn && !socket.destroyed && socket.write(burst));
  }
  socket.on('drain', write)
  socket.on('data', chunk => {
    answers += count(chunk)
  })
  parentPort.on('message', command => {
    if (command === 'count') return parentPort.postMessage(answers)
    isOn = command === 'begin'
    write()
  })
  parentPort.postMessage('ready')
}

if (parentPort !== null) await flood(workerData)
