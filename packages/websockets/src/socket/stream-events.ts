import type { Duplex } from 'node:stream'

/** What a socket hears of its stream. */
export interface StreamListener {
  arrived(chunk: Buffer): void
  /** The peer has ended its half. */
  peerEnded(): void
  drained(): void
  failed(error: Error): void
  closed(): void
}

/** The stream carries its listener, so that all sockets share one function for each event. */
const listener = Symbol('WebSocket')

type HeardStream = Duplex & { [listener]: StreamListener }

/** Tells `to` what happens to the stream, from now on and up to its end. */
export function listen(stream: Duplex, to: StreamListener): void {
  ;(stream as HeardStream)[listener] = to
  stream.on('error', onError)
  stream.on('close', onClose)
  stream.on('end', onEnd)
  stream.on('drain', onDrain)
  stream.on('data', onData)
}

function onData(this: Duplex, chunk: Buffer): void {
  ;(this as HeardStream)[listener].arrived(chunk)
}

function onEnd(this: Duplex): void {
  ;(this as HeardStream)[listener].peerEnded()
}

function onDrain(this: Duplex): void {
  ;(this as HeardStream)[listener].drained()
}

function onError(this: Duplex, error: Error): void {
  ;(this as HeardStream)[listener].failed(error)
}

function onClose(this: Duplex): void {
  ;(this as HeardStream)[listener].closed()
}
