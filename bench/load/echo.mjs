// WebSocket echo: each connection keeps some messages in flight, and sends the next one when an answer is complete.
import { byteCounter, frameCounter } from './counting.mjs'
import { compressedMessages, deflateOffer, plainMessage, socketIoMessage } from './messages.mjs'
import { openMany } from './raw-socket.mjs'
import { measureSpan } from './span.mjs'

/** Up to this size every server answers a message in one frame. */
const oneFrame = 2048

export async function echo({ port, pid, connections, inFlight, size, type, deflate = false, socketIo = false, warmUp, seconds }) {
  const messages = deflate ? compressedMessages(size) : [socketIo ? socketIoMessage(size, type) : plainMessage(size, type)]
  const frames = Array.from({ length: inFlight }, (_, i) => messages[i % messages.length].frames)
  const burst = Buffer.concat(frames)
  const ends = frames.map((_, i) => frames.slice(0, i + 1).reduce((total, frame) => total + frame.length, 0))

  let answers = 0
  const sockets = await openMany(connections, port, {
    path: `/ws?size=${size}&type=${type}`,
    socketIo,
    extensions: deflate ? deflateOffer : undefined,
  })
  for (const socket of sockets) {
    const count = size <= oneFrame && !deflate ? byteCounter(messages[0].answerLength, messages[0].firstByte) : frameCounter()
    const perAnswer = size > oneFrame && socketIo && type === 'binary' ? 2 : 1
    let counted = 0
    socket.on('data', chunk => {
      counted += count(chunk)
      const complete = Math.floor(counted / perAnswer)
      counted -= complete * perAnswer
      answers += complete
      for (let left = complete; left > 0; left -= inFlight) socket.write(left >= inFlight ? burst : burst.subarray(0, ends[left - 1]))
    })
    socket.write(burst)
  }
  const result = await measureSpan({ pid, warmUp, seconds }, () => answers)
  for (const socket of sockets) socket.destroy()
  return result
}
