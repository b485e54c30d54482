/**
 * Runs as long as its host: started in order of registration, stopped when the host stops. Register it with `services.addHostedService()`.
 * (.NET: IHostedService)
 */
export abstract class HostedService {
  /** The host waits for it, so it should be short. A rejection makes the start of the host fail. The signal fires when the start is given up. */
  abstract startAsync(signal: AbortSignal): Promise<void> | void
  /** The host waits for it. The signal fires when the time for a graceful stop is over. Called also when `startAsync` has failed or was not reached. */
  abstract stopAsync(signal: AbortSignal): Promise<void> | void
}

/** A hosted service that also takes part before and after all others start and stop, on the generic host. (.NET: IHostedLifecycleService) */
export abstract class HostedLifecycleService extends HostedService {
  /** Before any service is started. */
  abstract startingAsync(signal: AbortSignal): Promise<void> | void
  /** After all services have been started. */
  abstract startedAsync(signal: AbortSignal): Promise<void> | void
  /** Before any service is stopped. */
  abstract stoppingAsync(signal: AbortSignal): Promise<void> | void
  /** After all services have been stopped. */
  abstract stoppedAsync(signal: AbortSignal): Promise<void> | void
}
