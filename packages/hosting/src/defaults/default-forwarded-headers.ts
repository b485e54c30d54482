import { type Configuration, type ConfigureApplication, type ServiceCollection, ServiceDescriptor, StartupFilter } from '@windhover/core'
import { ForwardedHeaders, ForwardedHeadersOptions } from '../forwarded-headers/forwarded-headers-options.ts'

/** Takes over forwarded headers in front of everything that the application adds. */
class ForwardedHeadersStartupFilter extends StartupFilter {
  override configure(next: ConfigureApplication): ConfigureApplication {
    return app => {
      app.useForwardedHeaders()
      return next(app)
    }
  }
}

/**
 * `WINDHOVER_FORWARDEDHEADERS_ENABLED=true` is for platforms whose proxy has no address that is known beforehand: its address and scheme are taken over, from whoever sends them, so
 * nobody may reach the server past the proxy. (ASP.NET Core: ASPNETCORE_FORWARDEDHEADERS_ENABLED)
 */
export function addDefaultForwardedHeaders(services: ServiceCollection, configuration: Configuration): void {
  if (configuration.get('ForwardedHeaders_Enabled')?.toLowerCase() !== 'true') return
  services.configure(ForwardedHeadersOptions, options => {
    options.forwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto
    options.knownNetworks = []
    options.knownProxies = []
  })
  services.tryAddEnumerable(ServiceDescriptor.singleton(StartupFilter, { useClass: ForwardedHeadersStartupFilter }))
}
