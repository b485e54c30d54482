import {
  ActivatorUtilities,
  allOf,
  createServiceToken,
  KeyedService,
  keyed,
  optional,
  ServiceCollection,
  ServiceDescriptor,
  type ServiceIdentifier,
  ServiceKey,
  type ServiceLifetime,
  ServiceProvider,
  ServiceProviderIsKeyedService,
  ServiceProviderIsService,
  ServiceScopeFactory,
} from '@windhover/core'
import { errorKind, ScriptedError } from './error-kind.ts'

/** How a class of a case is made; see the README of the recordings. */
interface Description {
  readonly class?: string
  readonly factory?: string
  readonly instance?: string
  readonly create?: string
  readonly needs?: readonly string[]
  readonly optional?: string
  readonly needsKeyed?: boolean
  readonly needsOwnKey?: boolean
  readonly disposable?: 'sync' | 'async' | 'both'
  readonly throws?: boolean
  readonly disposeThrows?: boolean
  readonly returns?: 'null'
  readonly factoryThrows?: boolean
}

interface Registration extends Description {
  readonly key?: string
  readonly of?: string
  readonly lifetime?: ServiceLifetime
}

interface Step extends Description {
  readonly from?: string
  readonly key?: string | null
}

export interface ServicesSpec {
  readonly services: readonly Registration[]
  readonly options?: { readonly validateScopes?: boolean; readonly validateOnBuild?: boolean }
  readonly steps?: readonly Step[]
}

/** Registers the services that a case describes, follows its steps, and lists what was created, returned and disposed. */
export async function runServices(spec: ServicesSpec): Promise<string[]> {
  const graph = new ServiceGraph()
  await graph.follow(spec)
  return graph.trace
}

class ServiceGraph {
  readonly trace: string[] = []
  readonly #services = new ServiceCollection()
  readonly #parts = new Parts(this.trace)
  readonly #providers = new Map<string, ServiceProvider>()
  readonly #owners = new Map<string, Disposable & AsyncDisposable>()

  async follow({ services, options = {}, steps = [] }: ServicesSpec): Promise<void> {
    for (const registration of services) {
      try {
        this.#register(registration)
      } catch (error) {
        this.trace.push(`register -> ${errorKind(error)}`)
      }
    }
    try {
      const root = this.#services.buildServiceProvider(options)
      this.#providers.set('root', root)
      this.#owners.set('root', root)
    } catch (error) {
      this.trace.push(`build -> ${errorKind(error)}`)
      return
    }
    for (const step of steps) await this.#follow(step)
  }

  #register(registration: Registration): void {
    const [operation, name] = firstProperty(registration)
    const identifier = serviceOf(name)
    switch (operation) {
      case 'add':
        this.#services.add(this.#describe(identifier, registration))
        return
      case 'tryAdd':
        this.#services.tryAdd(this.#describe(identifier, registration))
        return
      case 'tryAddEnumerable':
        this.#services.tryAddEnumerable(this.#describe(identifier, registration))
        return
      case 'replace':
        this.#services.replace(this.#describe(identifier, registration))
        return
      case 'removeAll':
        this.#services.removeAll(identifier)
        return
      case 'removeAllKeyed':
        this.#services.removeAllKeyed(identifier, registration.key)
        return
      case 'alias': {
        const of = serviceOf(registration.of ?? '')
        const useFactory = (provider: ServiceProvider) => provider.getRequiredService(of)
        this.#services.add(ServiceDescriptor.describe(identifier, { useFactory }, registration.lifetime ?? 'singleton'))
        return
      }
      default:
        throw new Error(`Unknown registration "${operation}".`)
    }
  }

  #describe(identifier: ServiceIdentifier, registration: Registration): ServiceDescriptor {
    const key = keyOf(registration.key)
    const { instance, factory, lifetime = 'singleton' } = registration
    if (instance !== undefined) {
      const Part = this.#parts.classOf(registration, instance)
      return ServiceDescriptor.keyedSingleton(identifier, key, { useValue: new Part() })
    }
    if (factory === undefined) {
      const Part = this.#parts.classOf(registration, registration.class ?? '')
      return ServiceDescriptor.describeKeyed(identifier, key, Part, lifetime)
    }
    const Part = this.#parts.classOf(registration, factory)
    const useFactory = (provider: ServiceProvider) => {
      if (registration.factoryThrows) throw new ScriptedError(factory)
      if (registration.returns === 'null') return null
      return new Part(...(registration.needs ?? []).map(need => provider.getRequiredService(serviceOf(need))))
    }
    return ServiceDescriptor.describeKeyed(identifier, key, { useFactory }, lifetime)
  }

  async #follow(step: Step): Promise<void> {
    const [operation, target] = firstProperty(step)
    const from = step.from ?? 'root'
    const name = `${operation} ${target}${'key' in step ? ` ${step.key ?? ''}` : ''}${from === 'root' ? '' : ` from ${from}`}`
    try {
      const outcome = await this.#carryOut(operation, target, from, step, name)
      if (outcome !== nothing) this.trace.push(`${name} -> ${show(outcome)}`)
    } catch (error) {
      this.trace.push(`${name} -> ${errorKind(error)}`)
    }
  }

  async #carryOut(operation: string, target: string, from: string, step: Step, name: string): Promise<unknown> {
    const provider = this.#providers.get(from) as ServiceProvider
    const owner = this.#owners.get(target)
    const key = keyOf(step.key)
    switch (operation) {
      case 'scope': {
        const scope = provider.createScope()
        this.#providers.set(target, scope.serviceProvider)
        this.#owners.set(target, scope)
        return nothing
      }
      case 'dispose':
        this.trace.push(name)
        owner?.[Symbol.dispose]()
        return nothing
      case 'disposeAsync':
        this.trace.push(name)
        await owner?.[Symbol.asyncDispose]()
        return nothing
      case 'get':
        return provider.getRequiredService(serviceOf(target))
      case 'tryGet':
        return provider.getService(serviceOf(target))
      case 'getAll':
        return provider.getServices(serviceOf(target))
      case 'getKeyed':
        return provider.getRequiredKeyedService(serviceOf(target), key)
      case 'tryGetKeyed':
        return provider.getKeyedService(serviceOf(target), key)
      case 'getAllKeyed':
        return provider.getKeyedServices(serviceOf(target), key)
      case 'isService':
        return provider.getRequiredService(ServiceProviderIsService).isService(serviceOf(target))
      case 'isKeyedService':
        return provider.getRequiredService(ServiceProviderIsKeyedService).isKeyedService(serviceOf(target), key)
      case 'provider':
        return provider.getRequiredService(ServiceProvider) === provider
      case 'create':
        return ActivatorUtilities.createInstance(provider, this.#parts.classOf(step, target))
      case 'parallel': {
        const calls = Array.from({ length: 16 }, async () => provider.getRequiredService(serviceOf(target)))
        return `${new Set(await Promise.all(calls)).size} distinct`
      }
      default:
        throw new Error(`Unknown step "${operation}".`)
    }
  }
}

/** An object with a name such as `a#1`, which says when it is created. */
interface Part {
  readonly name: string
}

type PartClass = new (...needs: readonly unknown[]) => Part

/** Makes the classes of a case; the same label with the same constructor is the same class. Whether it throws says the last description of the label. */
class Parts {
  readonly #trace: string[]
  readonly #classes = new Map<string, PartClass>()
  readonly #descriptions = new Map<string, Description>()
  readonly #counts = new Map<string, number>()

  constructor(trace: string[]) {
    this.#trace = trace
  }

  classOf(description: Description, label: string): PartClass {
    this.#descriptions.set(label, description)
    const { needs, needsKeyed, needsOwnKey, optional, disposable } = description
    const shape = JSON.stringify([label, needs, needsKeyed, needsOwnKey, optional, disposable])
    const known = this.#classes.get(shape)
    if (known !== undefined) return known
    const made = this.#makeClass(description, label)
    this.#classes.set(shape, made)
    return made
  }

  #makeClass(description: Description, label: string): PartClass {
    const trace = this.#trace
    const descriptions = this.#descriptions
    const nextName = (): string => {
      const number = (this.#counts.get(label) ?? 0) + 1
      this.#counts.set(label, number)
      return `${label}#${number}`
    }
    const disposed = (how: string, { name }: Part): void => {
      trace.push(`${how} ${name}`)
      if (descriptions.get(label)?.disposeThrows) throw new ScriptedError(name)
    }

    class ScriptedPart implements Part {
      static readonly inject = needsOf(description)
      readonly name = nextName()

      constructor(...needs: readonly unknown[]) {
        if (descriptions.get(label)?.throws) throw new ScriptedError(this.name)
        trace.push(`create ${this.name}${needs.length === 0 ? '' : `(${needs.map(show).join(', ')})`}`)
      }
    }

    const { disposable } = description
    if (disposable === 'sync' || disposable === 'both') {
      Object.assign(ScriptedPart.prototype, {
        [Symbol.dispose](this: Part) {
          disposed('disposed', this)
        },
      })
    }
    if (disposable === 'async' || disposable === 'both') {
      Object.assign(ScriptedPart.prototype, {
        async [Symbol.asyncDispose](this: Part) {
          await Promise.resolve()
          disposed('disposed async', this)
        },
      })
    }
    return ScriptedPart
  }
}

const nothing = Symbol('nothing to show')

function needsOf(description: Description): ServiceIdentifier[] {
  if (description.needsKeyed) return [keyed(serviceOf('A'), 'k')]
  if (description.needsOwnKey) return [ServiceKey]
  if (description.optional !== undefined) return [optional(serviceOf(description.optional))]
  return (description.needs ?? []).map(serviceOf)
}

function serviceOf(name: string): ServiceIdentifier {
  if (name === 'provider') return ServiceProvider
  if (name === 'scopeFactory') return ServiceScopeFactory
  return name.endsWith('[]') ? allOf(serviceOf(name.slice(0, -2))) : createServiceToken(`parity.${name}`)
}

function keyOf(key: string | null | undefined): unknown {
  return key === '*' ? KeyedService.AnyKey : key
}

function show(value: unknown): string {
  if (value === undefined || value === null) return 'null'
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`
  // In .NET the factory of scopes is the root provider itself.
  if (value instanceof ServiceProvider || value instanceof ServiceScopeFactory) return 'provider'
  return typeof value === 'object' && 'name' in value ? String(value.name) : String(value)
}

/** The first property of a step or registration is its operation. */
function firstProperty(step: object): [operation: string, target: string] {
  const [operation, target] = Object.entries(step)[0] as [string, unknown]
  return [operation, String(target)]
}
