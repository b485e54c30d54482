import type { Logger } from './logger.ts'

/**
 * Makes the loggers that write somewhere, one for each category. It is disposed by the container when that made it.
 * Filters find it by `static readonly alias`, or else by the name of its class. (.NET: ILoggerProvider)
 */
export abstract class LoggerProvider {
  /**
   * Whether entries shall carry their scopes. Default false; when no provider says true, scopes cost nothing.
   * Read when the provider is added. (.NET: ISupportExternalScope)
   */
  get includeScopes(): boolean {
    return false
  }

  /** A logger that gets the entries which the filters let pass. Called once for each category. */
  abstract createLogger(category: string): Logger
}

/** A class of logger providers, with the name that filters and the configuration know it by. (.NET: ProviderAliasAttribute) */
export interface LoggerProviderClass {
  readonly name: string
  readonly alias?: string
}

/** The name by which filters know a provider. */
export function aliasOf(provider: LoggerProviderClass): string {
  return provider.alias ?? provider.name
}
