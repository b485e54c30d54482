import { HostedService, type ServiceProvider } from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'

/** The hosted services, in order of registration. Raises an invalid-operation error, before any is started, for one that lacks a method: what a factory gives is not checked before. */
export function hostedServicesOf(services: ServiceProvider): HostedService[] {
  const found = services.getServices(HostedService)
  for (const service of found) {
    for (const method of ['startAsync', 'stopAsync'] as const) {
      if (typeof service?.[method] !== 'function')
        throw hostingErrors.hostedServiceMethodMissing(service?.constructor.name ?? String(service), method)
    }
  }
  return found
}
