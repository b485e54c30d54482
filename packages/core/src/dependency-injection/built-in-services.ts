import type { Argument } from './service-plan.ts'
import { ServiceProvider } from './service-provider.ts'
import { ServiceProviderIsKeyedService, ServiceProviderIsService } from './service-provider-is-service.ts'
import { ServiceScopeFactory } from './service-scope.ts'
import type { ServiceIdentifier } from './service-token.ts'

/** What every provider offers without a registration. */
export const builtInServices: ReadonlyMap<ServiceIdentifier, Argument> = new Map<ServiceIdentifier, Argument>([
  [ServiceProvider, scope => scope],
  [ServiceScopeFactory, scope => scope.scopeFactory],
  [ServiceProviderIsService, scope => scope.plans.isServiceQuery],
  [ServiceProviderIsKeyedService, scope => scope.plans.isServiceQuery],
])
