// Sockets that stay: opened once, each after one message there and back, so that its handler waits for the next; and a slow round over all of them.
import { byteCounter } from './counting.mjs'
import { compressedMessages, deflateOffer, plainMessage, socketIoMessage } from './messages.mjs'
import { openMany } from './raw-socket.mjs'
import { measureSpan } from './span.mjs'

const size = 32
const held = []

/** Holds `count` sockets altogether. */
export async function hold({ port, count, socketIo = false, deflate = false }) {
  const sockets = await openMany(count - held.length, port, {
    path: `/ws?size=${size}`,
    extensions: deflate ? deflateOffer : undefined,
    socketIo,
  })
  const message = deflate ? compressedMessages(1024)[0] : socketIo ? socketIoMessage(size, 'text') : plainMessage(size, 'text')
  for (let i = 0; i < sockets.length; i += 500) {
    const some = sockets.slice(i, i + 500)
    const answered = some.map(socket => new Promise(resolve => socket.once('data', resolve)))
    for (const socket of some) socket.write(message.frames)
    await Promise.all(answered)
  }
  held.push(...sockets)
}

export async function letGo() {
  const closed = held.splice(0).map(
    socket =>
      new Promise(resolve => {
        socket.once('close', resolve)
        socket.resetAndDestroy()
      }),
  )
  await Promise.all(closed)
}

/** Echo on all held sockets in turn, with a fixed number of messages in flight over all of them. */
export async function rotate({ pid, inFlight, warmUp, seconds }) {
  const { frames, answerLength, firstByte } = plainMessage(size, 'text')
  let answers = 0
  let missing = 0
  let next = 0
  let isDone = false
  let finish
  for (const socket of held) {
    const count = byteCounter(answerLength, firstByte)
    socket.removeAllListeners('data')
    socket.on('data', chunk => {
      for (let left = count(chunk); left > 0; left--) {
        answers++
        missing--
        if (!isDone) send()
        else if (missing === 0) finish()
      }
    })
  }
  for (let i = 0; i < inFlight; i++) send()
  const result = await measureSpan({ pid, warmUp, seconds }, () => answers)
  isDone = true
  await new Promise(resolve => {
    finish = resolve
  })
  return result

  function send() {
    missing++
    held[next++ % held.length].write(frames)
  }
}
