import { ApplicationBuilder, HttpContext, ServiceCollection } from '@windhover/core'

/** A builder with the services that `configure` adds. */
export function newBuilder(configure?: (services: ServiceCollection) => void): ApplicationBuilder {
  const services = new ServiceCollection()
  configure?.(services)
  return new ApplicationBuilder(services.buildServiceProvider())
}

export function contextFor(path: string, pathBase = ''): HttpContext {
  const context = new HttpContext()
  context.request.path = path
  context.request.pathBase = pathBase
  return context
}
