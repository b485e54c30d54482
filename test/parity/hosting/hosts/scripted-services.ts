import {
  type ApplicationBuilder,
  BackgroundService,
  type ConfigureApplication,
  createServiceToken,
  FeatureCollection,
  HostedLifecycleService,
  HostedService,
  ServerAddressesFeature,
  type ServiceCollection,
  type ServiceProvider,
  type ServiceToken,
  StartupFilter,
} from '@windhover/core'
import { type HttpApplication, Server } from '@windhover/hosting'
import { errorKind, ScriptedError } from '../error-kind.ts'
import type { Trace } from '../trace.ts'
import { UnknownOperation } from '../unknown-operation.ts'
import { HostActions } from './host-actions.ts'
import type { HostSpec, Phase, ScriptedService } from './host-spec.ts'

/** An object of the container whose disposal is an event. */
export class TracedDisposable implements Disposable {
  readonly #trace: Trace
  readonly #name: string

  constructor(trace: Trace, name: string) {
    this.#trace = trace
    this.#name = name
  }

  [Symbol.dispose](): void {
    this.#trace.add(`dispose ${this.#name}`)
  }
}

const Disposable: ServiceToken<TracedDisposable> = createServiceToken('parity.Disposable')

/** Registers one service of a case. */
export function addScriptedService(services: ServiceCollection, script: ScriptedService, trace: Trace): void {
  if (script.hosted !== undefined) {
    const Type = script.lifecycle ? Lifecycle : Hosted
    services.addSingleton(HostedService, { useFactory: provider => new Type(script, trace, provider) })
  } else if (script.background !== undefined) {
    services.addSingleton(HostedService, { useFactory: provider => new Background(script, trace, provider) })
  } else if (script.disposable !== undefined) {
    const name = script.disposable
    services.addSingleton(Disposable, { useFactory: () => new TracedDisposable(trace, name) })
  } else if (script.resolve !== undefined) {
    services.addSingleton(HostedService, { useFactory: provider => new Resolver(provider.getRequiredService(Disposable)) })
  } else if (script.startupFilter !== undefined) {
    services.addSingleton(StartupFilter, { useValue: new Filter(script, trace) })
  } else throw new UnknownOperation(JSON.stringify(script))
}

/** Runs the script of a phase between its events. */
class PhaseRunner {
  readonly #script: ScriptedService
  readonly #trace: Trace
  readonly #actions: HostActions

  constructor(script: ScriptedService, trace: Trace, services: ServiceProvider) {
    this.#script = script
    this.#trace = trace
    this.#actions = new HostActions(trace, services)
  }

  async runAsync(phase: Phase, signal: AbortSignal): Promise<void> {
    const event = `${this.#script.hosted} ${phase}`
    this.#trace.add(signal.aborted ? `${event} cancelled` : event)
    const actions = this.#script[phase]
    if (actions === undefined) return
    try {
      const rest = this.#actions.begin(actions, signal)
      if (rest !== undefined) await rest
    } catch (error) {
      this.#trace.add(`${event} ${errorKind(error)}`)
      throw error
    }
    this.#trace.add(`${event} done`)
  }

  dispose(): void {
    this.#trace.add(`${this.#script.hosted} dispose`)
  }
}

class Hosted extends HostedService implements Disposable {
  readonly #phases: PhaseRunner

  constructor(script: ScriptedService, trace: Trace, services: ServiceProvider) {
    super()
    this.#phases = new PhaseRunner(script, trace, services)
  }

  startAsync = (signal: AbortSignal): Promise<void> => this.#phases.runAsync('start', signal)
  stopAsync = (signal: AbortSignal): Promise<void> => this.#phases.runAsync('stop', signal);

  [Symbol.dispose](): void {
    this.#phases.dispose()
  }
}

class Lifecycle extends HostedLifecycleService implements Disposable {
  readonly #phases: PhaseRunner

  constructor(script: ScriptedService, trace: Trace, services: ServiceProvider) {
    super()
    this.#phases = new PhaseRunner(script, trace, services)
  }

  startingAsync = (signal: AbortSignal): Promise<void> => this.#phases.runAsync('starting', signal)
  startAsync = (signal: AbortSignal): Promise<void> => this.#phases.runAsync('start', signal)
  startedAsync = (signal: AbortSignal): Promise<void> => this.#phases.runAsync('started', signal)
  stoppingAsync = (signal: AbortSignal): Promise<void> => this.#phases.runAsync('stopping', signal)
  stopAsync = (signal: AbortSignal): Promise<void> => this.#phases.runAsync('stop', signal)
  stoppedAsync = (signal: AbortSignal): Promise<void> => this.#phases.runAsync('stopped', signal);

  [Symbol.dispose](): void {
    this.#phases.dispose()
  }
}

/** Runs beside the start of the host, so only what its script says is an event. */
class Background extends BackgroundService {
  readonly #script: ScriptedService
  readonly #actions: HostActions

  constructor(script: ScriptedService, trace: Trace, services: ServiceProvider) {
    super()
    this.#script = script
    this.#actions = new HostActions(trace, services)
  }

  protected override executeAsync(stopping: AbortSignal): Promise<void> {
    return this.#actions.doAsync(this.#script.execute, stopping)
  }
}

/** Makes the container create the disposable. */
class Resolver extends HostedService {
  constructor(readonly resolved: TracedDisposable) {
    super()
  }

  startAsync(): void {}
  stopAsync(): void {}
}

class Filter extends StartupFilter {
  readonly #script: ScriptedService
  readonly #trace: Trace

  constructor(script: ScriptedService, trace: Trace) {
    super()
    this.#script = script
    this.#trace = trace
  }

  override configure(next: ConfigureApplication): ConfigureApplication {
    return (app: ApplicationBuilder) => {
      const name = this.#script.startupFilter!
      this.#trace.add(`${name} before`)
      if (this.#script.throws) throw new ScriptedError(name)
      next(app)
      this.#trace.add(`${name} after`)
    }
  }
}

/** A server that only reports. */
export class ReportingServer extends Server {
  readonly features = new FeatureCollection()
  readonly #script: HostSpec['server']
  readonly #trace: Trace
  readonly #actions: HostActions

  constructor(script: HostSpec['server'], trace: Trace) {
    super()
    this.#script = script
    this.#trace = trace
    this.#actions = new HostActions(trace)
    this.features.set(ServerAddressesFeature, { addresses: [], preferHostingUrls: false })
  }

  override startAsync<TContext>(_application: HttpApplication<TContext>, signal: AbortSignal): Promise<void> {
    this.#trace.add('server start')
    return this.#actions.doAsync(this.#script?.start, signal)
  }

  override stopAsync(signal: AbortSignal): Promise<void> {
    this.#trace.add(signal.aborted ? 'server stop cancelled' : 'server stop')
    return this.#actions.doAsync(this.#script?.stop, signal)
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    this.#trace.add('server dispose')
  }
}
