import type { Logger } from '@windhover/core'

/** The category of what a generic host logs about itself. (.NET: Microsoft.Extensions.Hosting.Internal.Host) */
export const hostCategory = 'Windhover.Hosting.Host'

/** The numbers of .NET. */
const events = {
  starting: 1,
  started: 2,
  stopping: 3,
  stopped: 4,
  stoppedWithException: 5,
  backgroundServiceFaulted: 9,
  backgroundServiceStoppingHost: 10,
  startupFaulted: 11,
}

/** What a generic host has to say about itself. */
export class HostLog {
  readonly logger: Logger

  constructor(logger: Logger) {
    this.logger = logger
  }

  starting(): void {
    this.logger.logDebug(events.starting, 'Hosting starting')
  }

  started(): void {
    this.logger.logDebug(events.started, 'Hosting started')
  }

  stopping(): void {
    this.logger.logDebug(events.stopping, 'Hosting stopping')
  }

  stopped(): void {
    this.logger.logDebug(events.stopped, 'Hosting stopped')
  }

  stoppedWithException(error: unknown): void {
    this.logger.logDebug(events.stoppedWithException, error, 'Hosting shutdown exception')
  }

  startupFaulted(error: unknown): void {
    this.logger.logError(events.startupFaulted, error, 'Hosting failed to start')
  }

  backgroundServiceFaulted(error: unknown): void {
    this.logger.logError(events.backgroundServiceFaulted, error, 'BackgroundService failed')
  }

  backgroundServiceStoppingHost(error: unknown): void {
    this.logger.logCritical(
      events.backgroundServiceStoppingHost,
      error,
      'A background service has failed, and the host is stopping because HostOptions.backgroundServiceExceptionBehavior is StopHost. With Ignore the host would go on without it.',
    )
  }
}
