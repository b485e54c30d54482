// Opening handshakes: each of some connections is upgraded, thrown away and replaced.
import { connect, handshake } from './raw-socket.mjs'
import { measureSpan } from './span.mjs'

export async function handshakes({ port, pid, atOnce, socketIo = false, warmUp, seconds }) {
  const request = Buffer.from(handshake(port, { path: socketIo ? '/socket.io/?EIO=4&transport=websocket' : '/ws?size=32' }))
  let upgraded = 0
  let isDone = false
  let failure
  for (let i = 0; i < atOnce; i++) next()
  const result = await measureSpan({ pid, warmUp, seconds }, () => upgraded)
  isDone = true
  if (failure !== undefined) throw failure
  return result

  function next() {
    if (isDone) return
    const socket = connect(port)
    socket.once('data', head => {
      if (head.toString('latin1', 0, 12) === 'HTTP/1.1 101') upgraded++
      else failure = new Error(`no 101: ${head.toString('latin1', 0, 200)}`)
      socket.resetAndDestroy() // A reset leaves no port behind that must wait.
      next()
    })
    socket.write(request)
  }
}
