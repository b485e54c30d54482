import { Configuration, HostEnvironment, type ServiceCollection } from '@windhover/core'
import type { ConfigurationManager } from '../configuration/configuration-manager.ts'
import type { ConfigurationRoot } from '../configuration/configuration-root.ts'
import type { DefaultHostEnvironment } from '../environment/default-host-environment.ts'
import { addApplicationLifetime } from '../web-host/add-web-host-services.ts'
import { ConsoleLifetime } from './console-lifetime.ts'
import { HostLifetime } from './host-lifetime.ts'
import { HostOptions, readHostOptions } from './host-options.ts'

/** What every generic host offers. */
export function addHostServices(
  services: ServiceCollection,
  configuration: ConfigurationRoot | ConfigurationManager,
  settings: Configuration,
  environment: DefaultHostEnvironment,
): void {
  services
    // From a factory, so that the container disposes it: that stops the watching of files.
    .addSingleton(Configuration, { useFactory: () => configuration })
    .addSingleton(HostEnvironment, { useValue: environment })
    .addSingleton(HostLifetime, { useClass: ConsoleLifetime })
    .addOptions()
    .addLogging()
    .configure(HostOptions, options => readHostOptions(options, settings))
  addApplicationLifetime(services)
}
