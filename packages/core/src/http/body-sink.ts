/** Takes a body as it comes. */
export interface BodySink {
  take(chunk: Buffer): void
  end(): void
  /** The body will not come to its end; null when nobody says why. */
  fail(error: Error | null): void
}

/**
 * Key of the method by which the body of a request goes straight to one reader of the whole, past the buffer and the events of a stream, which cost more than a small body itself. A server's
 * stream may have it.
 */
export const drainTo: unique symbol = Symbol.for('windhover.drainTo')

/** A stream that offers this way. */
export interface DrainableBody {
  /** False when somebody has begun to read the stream, or when it has ended: then the events of the stream are the only way. */
  [drainTo](sink: BodySink): boolean
}
