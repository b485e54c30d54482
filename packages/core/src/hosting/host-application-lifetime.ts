/**
 * Tells the application when its host starts and stops, and lets it stop the host. The host registers its own; resolve it by this class.
 * (.NET: IHostApplicationLifetime)
 */
export abstract class HostApplicationLifetime {
  /** Aborts when the host has started: the server listens. */
  abstract readonly applicationStarted: AbortSignal
  /** Aborts when the host begins to stop, while requests are still under way. What it triggers holds up the stop. */
  abstract readonly applicationStopping: AbortSignal
  /** Aborts when the host has stopped and no request is under way any more. */
  abstract readonly applicationStopped: AbortSignal
  /** Asks the host to stop and returns at once. A second call does nothing. */
  abstract stopApplication(): void
}
