import { HostApplicationLifetime, Logger, type ServiceToken } from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'
import { LifetimeSignal } from './lifetime-signal.ts'

interface Failure {
  readonly eventId: number
  readonly message: string
}

const startedFailed: Failure = { eventId: 6, message: 'An error occurred starting the application' }
const stoppingFailed: Failure = { eventId: 7, message: 'An error occurred stopping the application' }
const stoppedFailed: Failure = { eventId: 8, message: 'An error occurred stopping the application' }

/**
 * The lifetime that a host registers. What listens to its signals is called synchronously, the last one added first; all are called, and what they throw is logged as Critical.
 * (.NET: ApplicationLifetime)
 */
export class ApplicationLifetime extends HostApplicationLifetime {
  static readonly loggerCategory = 'Windhover.Hosting.ApplicationLifetime'
  static readonly inject: readonly [ServiceToken<Logger>] = [Logger.for(ApplicationLifetime)]

  readonly #logger: Logger
  readonly #started = new LifetimeSignal(error => this.#log(startedFailed, [error]))
  readonly #stopping = new LifetimeSignal(error => this.#log(stoppingFailed, [error]))
  readonly #stopped = new LifetimeSignal(error => this.#log(stoppedFailed, [error]))

  constructor(logger: Logger) {
    super()
    this.#logger = logger
  }

  override get applicationStarted(): AbortSignal {
    return this.#started.signal
  }

  override get applicationStopping(): AbortSignal {
    return this.#stopping.signal
  }

  override get applicationStopped(): AbortSignal {
    return this.#stopped.signal
  }

  override stopApplication(): void {
    this.#log(stoppingFailed, this.#stopping.fire())
  }

  /** Called by the host when it has started. */
  notifyStarted(): void {
    this.#log(startedFailed, this.#started.fire())
  }

  /** Called by the host when it has stopped. */
  notifyStopped(): void {
    this.#log(stoppedFailed, this.#stopped.fire())
  }

  #log({ eventId, message }: Failure, errors: readonly unknown[]): void {
    if (errors.length > 0) this.#logger.logCritical(eventId, hostingErrors.lifetimeCallbacksFailed(errors), message)
  }
}
