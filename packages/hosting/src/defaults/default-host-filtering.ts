import {
  type Configuration,
  type ConfigureApplication,
  type HostEnvironment,
  type ServiceCollection,
  ServiceDescriptor,
  StartupFilter,
} from '@windhover/core'
import { HostFilteringOptions } from '../host-filtering/host-filtering-options.ts'

/** Adds host filtering in front of everything else. */
class HostFilteringStartupFilter extends StartupFilter {
  override configure(next: ConfigureApplication): ConfigureApplication {
    return app => {
      app.useHostFiltering()
      return next(app)
    }
  }
}

/**
 * Host filtering by the setting `AllowedHosts`. Without it every host is answered, but in Development only those that no stranger can make resolve to this machine: a page
 * of another origin could otherwise reach a developer's server under its own name.
 */
export function addDefaultHostFiltering(services: ServiceCollection, configuration: Configuration, environment: HostEnvironment): void {
  services.postConfigure(HostFilteringOptions, options => {
    if (options.allowedHosts.length > 0) return
    const configured =
      configuration
        .get('AllowedHosts')
        ?.split(';')
        .filter(host => host !== '') ?? []
    if (configured.length > 0) options.allowedHosts = configured
    else if (environment.isDevelopment()) allowLocalHosts(options)
    else options.allowedHosts = ['*']
  })
  services.tryAddEnumerable(ServiceDescriptor.singleton(StartupFilter, { useClass: HostFilteringStartupFilter }))
}

function allowLocalHosts(options: HostFilteringOptions): void {
  options.allowedHosts = ['localhost', '*.localhost']
  options.allowIpAddresses = true
  options.failureHint ??=
    'In Development only localhost and IP addresses are answered. Set "AllowedHosts" in appsettings.Development.json, for example to "my-machine;*.example.org", or to "*".'
}
