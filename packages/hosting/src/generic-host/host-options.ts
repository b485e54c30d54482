import { type Configuration, Shape, type ShapesFor } from '@windhover/core'
import { isTrue, readSeconds } from '../web-host/web-host-options.ts'

/** What becomes of a host when a background service fails. (.NET: BackgroundServiceExceptionBehavior) */
export const BackgroundServiceExceptionBehavior = {
  /** The host stops. */
  StopHost: 'stop-host',
  /** The error is logged, and the host goes on without the service. */
  Ignore: 'ignore',
} as const

export type BackgroundServiceExceptionBehavior =
  (typeof BackgroundServiceExceptionBehavior)[keyof typeof BackgroundServiceExceptionBehavior]

/** How a generic host starts and stops. Set it by `services.configure(HostOptions, ...)` or by the settings of the same names. (.NET: HostOptions) */
export class HostOptions {
  static readonly shape: ShapesFor<HostOptions> = {
    shutdownTimeout: Shape.timeSpan,
    startupTimeout: Shape.timeSpan,
    backgroundServiceExceptionBehavior: Shape.enumOf(BackgroundServiceExceptionBehavior),
  }

  /** How long a stop waits before it tells what is left to end at once, in milliseconds. The setting `shutdownTimeoutSeconds` is in seconds. Default 30,000. */
  shutdownTimeout = 30_000
  /** How long a start may take before it tells what is still starting to give up, in milliseconds. The setting `startupTimeoutSeconds` is in seconds. Default: no limit. */
  startupTimeout: number = Number.POSITIVE_INFINITY
  /** Starts all hosted services at once. Default false: one after the other, in order of registration. */
  servicesStartConcurrently = false
  /** Stops all hosted services at once. Default false: one after the other, in reverse order. */
  servicesStopConcurrently = false
  /** Default: the host stops. */
  backgroundServiceExceptionBehavior: BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.StopHost
}

/** Takes options from the settings of the host; a number of seconds that is none says nothing. */
export function readHostOptions(options: HostOptions, settings: Configuration): void {
  options.shutdownTimeout = readSeconds(settings.get('shutdownTimeoutSeconds')) ?? options.shutdownTimeout
  options.startupTimeout = readSeconds(settings.get('startupTimeoutSeconds')) ?? options.startupTimeout
  options.servicesStartConcurrently = isTrue(settings.get('servicesStartConcurrently'))
  options.servicesStopConcurrently = isTrue(settings.get('servicesStopConcurrently'))
}
