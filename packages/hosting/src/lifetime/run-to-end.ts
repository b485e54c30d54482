import { HeldEventLoop } from './held-event-loop.ts'
import { presentIfUncaught } from './uncaught-startup-error.ts'

/** Runs a host and disposes it, whatever happens; the process lives as long. An error that nobody catches ends the process with one message. */
export async function runToEndAsync(host: AsyncDisposable, run: () => Promise<void>): Promise<void> {
  try {
    using _loop = new HeldEventLoop()
    try {
      await run()
    } finally {
      await host[Symbol.asyncDispose]()
    }
  } catch (error) {
    presentIfUncaught(error)
    throw error
  }
}
