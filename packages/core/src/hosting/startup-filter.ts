import type { ApplicationBuilder } from '../pipeline/application-builder.ts'

/** Adds middleware. When it is asynchronous, what calls it has to await it. */
export type ConfigureApplication = (app: ApplicationBuilder) => Promise<void> | void

/**
 * Adds middleware before or after everything that `configure` of the Startup class adds. The first one registered is the outermost.
 * (ASP.NET Core: IStartupFilter)
 */
export abstract class StartupFilter {
  /** Returns a function that does its own part and calls `next(app)`; it returns the promise of `next`, or awaits it, if there is one. */
  abstract configure(next: ConfigureApplication): ConfigureApplication
}
