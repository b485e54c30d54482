import {
  DefaultHttpContextFactory,
  DefaultMiddlewareFactory,
  HostApplicationLifetime,
  HttpContextFactory,
  MiddlewareFactory,
  type ServiceCollection,
  ServiceScopeFactory,
} from '@windhover/core'
import { ApplicationLifetime } from '../lifetime/application-lifetime.ts'

/** What every host offers that answers requests. */
export function addWebHostServices(services: ServiceCollection): void {
  services.addLogging().addOptions()
  services
    .tryAddSingleton(HttpContextFactory, {
      useFactory: provider => new DefaultHttpContextFactory(provider.getRequiredService(ServiceScopeFactory)),
    })
    .tryAddScoped(MiddlewareFactory, { useClass: DefaultMiddlewareFactory })
}

/** The lifetime, by its contract and, for the host, by its class. */
export function addApplicationLifetime(services: ServiceCollection): void {
  services
    .addSingleton(ApplicationLifetime)
    .addSingleton(HostApplicationLifetime, { useFactory: provider => provider.getRequiredService(ApplicationLifetime) })
}
