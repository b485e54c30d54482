/** Decides when a generic host may start, and learns when it has stopped. The default listens to the signals of the process. (.NET: IHostLifetime) */
export abstract class HostLifetime {
  /** The host starts when this has ended. */
  abstract waitForStartAsync(signal: AbortSignal): Promise<void> | void
  /** Called when everything has stopped. */
  abstract stopAsync(signal: AbortSignal): Promise<void> | void
}
