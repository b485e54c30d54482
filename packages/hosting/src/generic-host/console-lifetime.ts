import { HostApplicationLifetime, HostEnvironment, type Logger, LoggerFactory, Options, type ServiceToken } from '@windhover/core'
import { ShutdownSignals } from '../lifetime/shutdown-signals.ts'
import { HostLifetime } from './host-lifetime.ts'

/** The category of the status lines. (.NET: Microsoft.Hosting.Lifetime) */
export const lifetimeCategory = 'Windhover.Hosting.Lifetime'

/** (.NET: ConsoleLifetimeOptions) */
export class ConsoleLifetimeOptions {
  /** Default false. True: nothing is logged when the host starts and stops, but for the addresses of its server. */
  suppressStatusMessages = false
}

/** Stops the host at Ctrl+C, SIGTERM and SIGQUIT, and logs that it has started and that it stops. (.NET: ConsoleLifetime) */
export class ConsoleLifetime extends HostLifetime implements Disposable {
  static readonly inject: readonly [
    ServiceToken<Options<ConsoleLifetimeOptions>>,
    typeof HostEnvironment,
    typeof HostApplicationLifetime,
    typeof LoggerFactory,
  ] = [Options.of(ConsoleLifetimeOptions), HostEnvironment, HostApplicationLifetime, LoggerFactory]

  readonly #isSilent: boolean
  readonly #environment: HostEnvironment
  readonly #lifetime: HostApplicationLifetime
  readonly #logger: Logger
  #signals: ShutdownSignals | undefined

  constructor(
    options: Options<ConsoleLifetimeOptions>,
    environment: HostEnvironment,
    lifetime: HostApplicationLifetime,
    loggerFactory: LoggerFactory,
  ) {
    super()
    this.#isSilent = options.value.suppressStatusMessages
    this.#environment = environment
    this.#lifetime = lifetime
    this.#logger = loggerFactory.createLogger(lifetimeCategory)
  }

  override waitForStartAsync(_signal: AbortSignal): void {
    if (this.#signals !== undefined) return
    this.#signals = new ShutdownSignals(() => this.#lifetime.stopApplication())
    if (this.#isSilent) return
    this.#lifetime.applicationStarted.addEventListener('abort', () => this.#logStarted())
    this.#lifetime.applicationStopping.addEventListener('abort', () => this.#logger.logInformation('Application is shutting down...'))
  }

  override stopAsync(_signal: AbortSignal): void {}

  [Symbol.dispose](): void {
    this.#signals?.[Symbol.dispose]()
  }

  #logStarted(): void {
    this.#logger.logInformation('Application started. Press Ctrl+C to shut down.')
    this.#logger.logInformation('Hosting environment: {EnvName}', this.#environment.environmentName)
    this.#logger.logInformation('Content root path: {ContentRoot}', this.#environment.contentRootPath)
  }
}
