import type { HostEnvironment, ServiceProviderOptions } from '@windhover/core'

/** How a default builder lets the container check its registrations: where a developer sees it, and not where it would cost time at every start. */
export function checksInDevelopment(environment: HostEnvironment): ServiceProviderOptions {
  const isDevelopment = environment.isDevelopment()
  return { validateScopes: isDevelopment, validateOnBuild: isDevelopment }
}
