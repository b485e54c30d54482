import type { ApplicationBuilder, Constructor } from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'
import { isClass } from './is-class.ts'
import { Startup } from './startup.ts'

/** Makes the Startup object of a host. */
export type StartupFactory<TContext> = (context: TContext) => object

/** What a builder was told to configure the application with: `useStartup` or `configure`. */
export type StartupSource<TContext> =
  | { readonly startup: Constructor<object> | StartupFactory<TContext> }
  | { readonly configure: (app: ApplicationBuilder, context: TContext) => Promise<void> | void }

/** Makes the conventions out of a Startup class, which `construct` makes an object of when that is needed, or out of what a function returns. */
export function createStartup<TContext>(
  startup: Constructor<object> | StartupFactory<TContext>,
  environmentName: string,
  context: TContext,
  construct: (type: Constructor<object>) => object,
): Startup {
  if (isClass(startup)) return new Startup(startup, environmentName, () => construct(startup))
  const instance: unknown = startup(context)
  if (typeof instance !== 'object' || instance === null) throw hostingErrors.startupFactoryReturned(instance)
  const type = (instance.constructor ?? Object) as Constructor
  return new Startup(type, environmentName, () => instance)
}
