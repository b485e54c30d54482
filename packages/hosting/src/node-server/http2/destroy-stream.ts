import type { ServerHttp2Stream } from 'node:http2'

type Destroy = (this: ServerHttp2Stream, error: Error | null, done: (error?: Error | null) => void) => void

const reset = new Error('The stream was reset by the server.')
let destroyOfNode: Destroy | undefined

/**
 * Makes `destroy()` of a stream what it is of a socket: the peer can tell that something was cut off, and whoever listens hears of no error. Node by itself resets such a stream with NO_ERROR, which means that
 * all is well, or, with an error, tells that error to the listeners; and its `close(code)` sends END_STREAM first.
 */
export function resetsOnDestroy(stream: ServerHttp2Stream): void {
  destroyOfNode ??= stream._destroy
  stream._destroy = destroyStream
}

function pushNothing(): boolean {
  return false
}

const destroyStream: Destroy = function destroyStream(error, done) {
  const cutsOff = error === null && !this.closed && !this.writableEnded
  // Node ends the readable side here, which would look like the end of the peer.
  if (cutsOff) this.push = pushNothing
  destroyOfNode!.call(this, cutsOff ? reset : error, raised => done(raised === reset ? null : raised))
}
