import { setImmediate } from 'node:timers'
import { type Logger, WebSocketException, WindhoverException } from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'

/** How operations of a WebSocket end when it died for another reason than its peer. */
const socketDeathCodes: ReadonlySet<string> = new Set(['WINDHOVER_ERR_WEBSOCKET_HOST_STOPPING', 'WINDHOVER_ERR_WEBSOCKET_ABORTED'])

/** The process has one listener, however many hosts run in it. */
const running = new Set<UnhandledRejections>()

/**
 * Judges promises that were rejected and that nobody awaited, from construction until disposed. When the reason is the death of a WebSocket, which a peer can bring
 * about at any time, that is a warning and the process lives. Any other is logged as Critical, and then Node does what it always does.
 */
export class UnhandledRejections implements Disposable {
  readonly logger: Logger

  constructor(logger: Logger) {
    this.logger = logger
    if (running.size === 0) process.on('unhandledRejection', judge)
    running.add(this)
  }

  [Symbol.dispose](): void {
    if (running.delete(this) && running.size === 0) process.off('unhandledRejection', judge)
  }
}

function judge(reason: unknown): void {
  const [first] = running
  if (isSocketDeath(reason)) {
    first?.logger.logWarning(reason, 'A promise was rejected because its WebSocket has ended, and nobody awaited it.')
    return
  }
  const exception = reason instanceof Error ? reason : hostingErrors.rejectedWithoutError(reason)
  first?.logger.logCritical(exception, 'A promise was rejected, and nobody awaited it.')
  if (process.listenerCount('unhandledRejection') === 1) leaveToNode(reason)
}

/** Rejects once more without this listener, so that Node acts as `--unhandled-rejections` tells it to. */
function leaveToNode(reason: unknown): void {
  process.off('unhandledRejection', judge)
  void Promise.reject(reason)
  setImmediate(() => {
    if (running.size > 0) process.on('unhandledRejection', judge)
  })
}

function isSocketDeath(reason: unknown): boolean {
  if (!(reason instanceof WindhoverException)) return false
  return reason instanceof WebSocketException || socketDeathCodes.has(reason.code)
}
