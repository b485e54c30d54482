import {
  type ApplicationBuilder,
  Configuration,
  type Constructor,
  Logger,
  type LoggerFactory,
  type ServiceCollection,
  type ServiceProvider,
  type ServiceToken,
  WebHostEnvironment,
} from '@windhover/core'
import { ScriptedError } from '../error-kind.ts'
import { Trace } from '../trace.ts'
import { UnknownOperation } from '../unknown-operation.ts'
import { TracedDisposable } from './scripted-services.ts'

/** Startup classes are constructed by the framework, so they find the trace here. */
export const startupTrace: { current: Trace } = { current: new Trace() }

const report = (event: string): void => startupTrace.current.add(event)

class PlainStartup {
  constructor() {
    report('constructor')
  }

  configureServices(_services: ServiceCollection): void {
    report('ConfigureServices')
  }

  configure(app: ApplicationBuilder): void {
    report('Configure')
    app.run(context => context.response.writeAsync('ok'))
  }
}

class EnvironmentsStartup {
  configureServices(_services: ServiceCollection): void {
    report('ConfigureServices')
  }

  configureDevelopmentServices(_services: ServiceCollection): void {
    report('ConfigureDevelopmentServices')
  }

  configure(_app: ApplicationBuilder): void {
    report('Configure')
  }

  configureDevelopment(_app: ApplicationBuilder): void {
    report('ConfigureDevelopment')
  }

  configureStaging(_app: ApplicationBuilder): void {
    report('ConfigureStaging')
  }

  configureProductionServices(_services: ServiceCollection): void {
    report('ConfigureProductionServices')
  }
}

class StaticStartup {
  static configureServices(_services: ServiceCollection): void {
    report('static ConfigureServices')
  }

  static configure(_app: ApplicationBuilder): void {
    report('static Configure')
  }

  constructor() {
    report('constructor')
  }
}

class InheritedStartup extends PlainStartup {}

class LowerCaseStartup {
  configureservices(_services: ServiceCollection): void {
    report('configureservices')
  }

  CONFIGURE(_app: ApplicationBuilder): void {
    report('CONFIGURE')
  }
}

class NoConfigureStartup {
  configureServices(_services: ServiceCollection): void {
    report('ConfigureServices')
  }
}

class PrivateConfigureStartup {
  #configure = (_app: ApplicationBuilder): void => report('Configure')
  touch = (): unknown => this.#configure
}

/** There are no overloads: what comes close are two names that differ in case. */
class TwoConfiguresStartup {
  configure(_app: ApplicationBuilder): void {
    report('Configure(app)')
  }

  Configure(_app: ApplicationBuilder, _environment: WebHostEnvironment): void {
    report('Configure(app, environment)')
  }
}

class TwoConfigureServicesStartup extends PlainStartup {
  ConfigureServices(): void {
    report('ConfigureServices()')
  }
}

class ConfigureReturnsStartup {
  configure(_app: ApplicationBuilder): string {
    return 'text'
  }
}

class WrongServicesStartup extends PlainStartup {
  configureDevelopmentServices(_text: string, _services: ServiceCollection): void {
    report('ConfigureDevelopmentServices')
  }
}

class ServicesReturnsTextStartup {
  configureServices(_services: ServiceCollection): string {
    report('ConfigureServices')
    return 'text'
  }

  configure(_app: ApplicationBuilder): void {
    report('Configure')
  }
}

class ProviderReturnedStartup {
  configureServices(services: ServiceCollection): ServiceProvider {
    report('ConfigureServices')
    return services.buildServiceProvider()
  }

  configure(_app: ApplicationBuilder): void {
    report('Configure')
  }
}

class NullProviderStartup {
  configureServices(_services: ServiceCollection): ServiceProvider | null {
    return null
  }

  configure(_app: ApplicationBuilder): void {
    report('Configure')
  }
}

class ConstructorThrowsStartup {
  constructor() {
    throw new ScriptedError('constructor')
  }

  configure(_app: ApplicationBuilder): void {
    report('Configure')
  }
}

class ServicesThrowsStartup {
  configureServices(_services: ServiceCollection): void {
    throw new ScriptedError('ConfigureServices')
  }

  configure(_app: ApplicationBuilder): void {
    report('Configure')
  }
}

class ConfigureThrowsStartup {
  configure(_app: ApplicationBuilder): void {
    throw new ScriptedError('Configure')
  }
}

class ScopedInConfigureStartup {
  static readonly inject = { configure: [TracedDisposable] }

  configureServices(services: ServiceCollection): void {
    services.addScoped(TracedDisposable, { useFactory: () => new TracedDisposable(startupTrace.current, 'scoped') })
  }

  configure(_app: ApplicationBuilder, scoped: TracedDisposable): void {
    report(`Configure with ${scoped === undefined ? 'nothing' : 'a scoped service'}`)
  }
}

class NotRegistered {}

class MissingInConfigureStartup {
  static readonly inject = { configure: [NotRegistered] }

  configure(_app: ApplicationBuilder, _missing: NotRegistered): void {
    report('Configure')
  }
}

class InjectedStartup {
  static readonly inject = [Configuration, WebHostEnvironment]

  constructor(configuration: Configuration, environment: WebHostEnvironment) {
    report(`constructor with configuration and environment ${configuration === undefined ? '' : environment.environmentName}`)
  }

  configure(_app: ApplicationBuilder, environment: WebHostEnvironment, _loggers: LoggerFactory): void {
    report(`Configure in ${environment.environmentName}`)
  }
}

class LoggerInjectedStartup {
  static readonly inject: readonly [ServiceToken<Logger>] = [Logger.for(LoggerInjectedStartup)]

  constructor(_logger: Logger) {
    report('constructor with a logger')
  }

  configure(_app: ApplicationBuilder): void {
    report('Configure')
  }
}

class ContainerStartup {
  configureServices(_services: ServiceCollection): void {
    report('ConfigureServices')
  }

  configureContainer(_container: ServiceCollection): void {
    report('ConfigureContainer')
  }

  configure(_app: ApplicationBuilder): void {
    report('Configure')
  }
}

class VisibleStartup {
  static readonly inject = { configure: [TracedDisposable] }

  configureServices(services: ServiceCollection): void {
    services.addSingleton(TracedDisposable, { useValue: new TracedDisposable(startupTrace.current, 'own') })
  }

  configure(_app: ApplicationBuilder, own: TracedDisposable): void {
    report(own === undefined ? 'missing' : 'visible')
  }
}

const startups = new Map<string, Constructor<object>>([
  ['plain', PlainStartup],
  ['environments', EnvironmentsStartup],
  ['static', StaticStartup],
  ['inherited', InheritedStartup],
  ['lowerCase', LowerCaseStartup],
  ['noConfigure', NoConfigureStartup],
  ['privateConfigure', PrivateConfigureStartup],
  ['twoConfigures', TwoConfiguresStartup],
  ['twoConfigureServices', TwoConfigureServicesStartup],
  ['configureReturns', ConfigureReturnsStartup],
  ['wrongServices', WrongServicesStartup],
  ['servicesReturnsText', ServicesReturnsTextStartup],
  ['providerReturned', ProviderReturnedStartup],
  ['nullProvider', NullProviderStartup],
  ['constructorThrows', ConstructorThrowsStartup],
  ['servicesThrows', ServicesThrowsStartup],
  ['configureThrows', ConfigureThrowsStartup],
  ['scopedInConfigure', ScopedInConfigureStartup],
  ['missingInConfigure', MissingInConfigureStartup],
  ['injected', InjectedStartup],
  ['loggerInjected', LoggerInjectedStartup],
  ['container', ContainerStartup],
  ['visible', VisibleStartup],
])

/** The Startup class that a case names. */
export function startupNamed(name: string): Constructor<object> {
  const startup = startups.get(name)
  if (startup === undefined) throw new UnknownOperation(name)
  return startup
}
