import { coreErrors } from '../errors/core-errors.ts'
import { Activator } from './activator.ts'
import { builtInServices } from './built-in-services.ts'
import { constructorDependencies } from './constructor-parameters.ts'
import { type Dependency, dependencyOf, resolveDependency, ServiceKey } from './dependency.ts'
import { KeyedService } from './keyed-service.ts'
import type { ServiceDescriptor } from './service-descriptor.ts'
import { ServiceLifetime } from './service-lifetime.ts'
import { type Activation, type Argument, construction, ServicePlan } from './service-plan.ts'
import { ServiceProviderIsKeyedService } from './service-provider-is-service.ts'
import { type AbstractConstructor, type Constructor, describeService, type ServiceIdentifier, ServiceToken } from './service-token.ts'

/** The registrations of one service, in order. */
interface ServiceEntry {
  readonly unkeyed: ServicePlan[]
  readonly keyed: ServicePlan[]
  readonly byKey: Map<unknown, ServicePlan[]>
}

/**
 * The registrations of one root provider. Each is prepared when it is first needed: its dependencies are read, found and checked
 * once, so that making an object is calling prepared functions.
 */
export class ServicePlans {
  readonly activator: Activator = new Activator()
  readonly validateScopes: boolean
  readonly isServiceQuery: ServiceProviderIsKeyedService = new DefaultServiceProviderIsService(this)
  readonly #plans: readonly ServicePlan[]
  readonly #entries = new Map<ServiceIdentifier, ServiceEntry>()
  #scopedCount = 0

  constructor(descriptors: Iterable<ServiceDescriptor>, validateScopes: boolean) {
    this.validateScopes = validateScopes
    this.#plans = Array.from(descriptors, descriptor => new ServicePlan(descriptor))
    for (const plan of this.#plans) this.#enter(plan)
  }

  /** The plan that answers for a service: the last with this key, else the last for any key. */
  find(identifier: ServiceIdentifier, key: unknown): ServicePlan | undefined {
    const entry = this.#entries.get(identifier)
    if (entry === undefined) return undefined
    if (key === undefined) return entry.unkeyed.at(-1)
    return (entry.byKey.get(key) ?? entry.byKey.get(KeyedService.AnyKey))?.at(-1)
  }

  /** All plans with exactly this key; for `AnyKey` those with a key of their own. */
  findAll(identifier: ServiceIdentifier, key: unknown): readonly ServicePlan[] {
    const entry = this.#entries.get(identifier)
    if (entry === undefined) return []
    if (key === undefined) return entry.unkeyed
    if (key === KeyedService.AnyKey) return entry.keyed.filter(plan => plan.descriptor.key !== KeyedService.AnyKey)
    return entry.byKey.get(key) ?? []
  }

  /** Gives a service that needs no registration: the container's own, else that of a token which resolves by itself. */
  findBuiltIn(identifier: ServiceIdentifier, consumer: AbstractConstructor | undefined): Argument | undefined {
    const builtIn = builtInServices.get(identifier)
    if (builtIn !== undefined) return builtIn
    if (!(identifier instanceof ServiceToken) || identifier.resolve === undefined) return undefined
    return scope => identifier.resolve?.(scope, consumer)
  }

  /** Prepares every plan; all that is wrong comes as one error, with an entry for each registration. */
  validate(): void {
    const errors: unknown[] = []
    for (const plan of this.#plans) {
      try {
        this.prepare(plan)
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw coreErrors.servicesInvalid(errors)
  }

  /** `chain` are the plans that need this one, outermost first. */
  prepare(plan: ServicePlan, chain: readonly ServicePlan[] = []): void {
    if (plan.isPrepared) return
    if (chain.includes(plan)) throw coreErrors.serviceCycle(this.#path(chain, plan.name))
    const { implementationFactory, implementationType } = plan.descriptor
    const activate = implementationFactory ?? this.#construction(implementationType as Constructor, [...chain, plan])
    if (plan.lifetime === ServiceLifetime.Scoped) {
      plan.scopedPath = [plan.name]
      plan.slot = this.#scopedCount++
    }
    this.activator.register(plan, activate)
  }

  /** The error for a service that is not there, with the way to it. */
  missing(identifier: ServiceIdentifier, key: unknown, chain: readonly ServicePlan[] = []): Error {
    const namesake = [...this.#entries.keys()].some(other => other !== identifier && other.name === identifier.name)
    return coreErrors.serviceMissing(this.#path(chain, describeService(identifier, key)), namesake)
  }

  #enter(plan: ServicePlan): void {
    const { identifier, key } = plan.descriptor
    // What the container itself is made of cannot be replaced.
    if (key === undefined && builtInServices.has(identifier)) return
    const entry: ServiceEntry = this.#entries.get(identifier) ?? { unkeyed: [], keyed: [], byKey: new Map() }
    this.#entries.set(identifier, entry)
    if (key === undefined) entry.unkeyed.push(plan)
    else {
      entry.keyed.push(plan)
      entry.byKey.set(key, [...(entry.byKey.get(key) ?? []), plan])
    }
  }

  #construction(type: Constructor, chain: readonly ServicePlan[]): Activation {
    const parameters = constructorDependencies(type).map(dependency => this.#argument(dependency, type, chain))
    return construction(type, parameters)
  }

  #argument(dependency: Dependency, consumer: Constructor, chain: readonly ServicePlan[]): Argument {
    const { identifier, all, optional } = dependency
    const owner = chain.at(-1) as ServicePlan
    const ownKey = owner.descriptor.key
    if (identifier === ServiceKey || dependency.key === ServiceKey) {
      if (ownKey === undefined) throw coreErrors.serviceKeyMissing(this.#path(chain, describeService(identifier)))
      if (identifier === ServiceKey) return (_scope, key) => key
      if (ownKey === KeyedService.AnyKey) return (scope, key) => resolveDependency(scope, { ...dependency, key }, consumer)
    }
    const key = dependency.key === ServiceKey ? ownKey : dependency.key
    if (key === KeyedService.AnyKey && !all) throw coreErrors.anyKeyRequested(describeService(identifier))

    if (all) {
      const plans = this.findAll(identifier, key)
      for (const plan of plans) this.#need(plan, chain)
      return scope => plans.map(plan => scope.provide(plan, plan.descriptor.key, consumer))
    }
    const plan = this.find(identifier, key)
    if (plan !== undefined) {
      this.#need(plan, chain)
      return scope => scope.provide(plan, key, consumer)
    }
    const builtIn = key === undefined ? this.findBuiltIn(identifier, consumer) : undefined
    if (builtIn !== undefined) return builtIn
    if (optional) return () => undefined
    throw this.missing(identifier, key, chain)
  }

  /** Prepares what the last plan of the chain needs, and notes whether it is scoped. */
  #need(plan: ServicePlan, chain: readonly ServicePlan[]): void {
    this.prepare(plan, chain)
    if (plan.scopedPath === undefined) return
    const owner = chain.at(-1) as ServicePlan
    const path = [owner.name, ...plan.scopedPath]
    if (this.validateScopes && owner.lifetime === ServiceLifetime.Singleton) throw coreErrors.scopedInSingleton(path)
    owner.scopedPath ??= path
  }

  /** The names on the way: what is being made at this moment, then what is being prepared for it. */
  #path(chain: readonly ServicePlan[], name: string): string[] {
    return [...[...this.activator.chain, ...chain].map(plan => plan.name), name]
  }
}

class DefaultServiceProviderIsService extends ServiceProviderIsKeyedService {
  readonly #plans: ServicePlans

  constructor(plans: ServicePlans) {
    super()
    this.#plans = plans
  }

  override isService(identifier: ServiceIdentifier): boolean {
    return this.#plans.find(identifier, undefined) !== undefined || this.#plans.findBuiltIn(identifier, undefined) !== undefined
  }

  override isKeyedService(identifier: ServiceIdentifier, key: unknown): boolean {
    if (key === undefined || key === null) return this.isService(identifier)
    return dependencyOf(identifier).all || this.#plans.find(identifier, key) !== undefined
  }
}
