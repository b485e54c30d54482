import {
  ApplicationBuilder,
  type ConfigureApplication,
  type FeatureCollection,
  type RequestDelegate,
  type ServiceProvider,
  StartupFilter,
} from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'
import { isPromise } from './is-promise.ts'

/** Adds the middleware of the application; `services` end when that is done. */
export type ConfigurePipeline = (app: ApplicationBuilder, services: ServiceProvider) => Promise<void> | void

/** Lets the startup filters, the first registered outermost, and within them `configure` add their middleware, and folds it into one delegate. */
export async function buildPipeline(
  services: ServiceProvider,
  serverFeatures: FeatureCollection,
  configure: ConfigurePipeline,
): Promise<RequestDelegate> {
  const app = new ApplicationBuilder(services, serverFeatures)
  await using scope = services.createAsyncScope()
  const innermost: ConfigureApplication = builder => configure(builder, scope.serviceProvider)
  await services.getServices(StartupFilter).reduceRight<ConfigureApplication>((next, filter) => filtered(filter, next), innermost)(app)
  return app.build()
}

/** A filter that does not wait for an asynchronous `configure` would add its own middleware in the wrong place, and lose the error. */
function filtered(filter: StartupFilter, next: ConfigureApplication): ConfigureApplication {
  let pending: PromiseLike<void> | undefined
  const configure = filter.configure(app => {
    const result = next(app)
    if (!isPromise(result)) return
    pending = result
    const settled = (): void => {
      pending = undefined
    }
    result.then(settled, settled)
    return result
  })

  async function mustHaveWaited(): Promise<void> {
    if (pending === undefined) return
    await pending
    throw hostingErrors.startupFilterNotAwaited(filter.constructor.name)
  }

  return app => {
    const result = configure(app)
    if (isPromise(result)) return Promise.resolve(result).then(mustHaveWaited)
    if (pending !== undefined) return mustHaveWaited()
  }
}
