import { coreErrors } from '../errors/core-errors.ts'
import { dependencyOf } from './dependency.ts'
import { KeyedService } from './keyed-service.ts'
import { isDisposable, OwnedObjects } from './owned-objects.ts'
import { ServiceLifetime } from './service-lifetime.ts'
import { beingMade, madeUndefined, type ServicePlan } from './service-plan.ts'
import type { ServicePlans } from './service-plans.ts'
import { ServiceProvider } from './service-provider.ts'
import { type ServiceScope, ServiceScopeFactory } from './service-scope.ts'
import { type AbstractConstructor, checkIdentifier, describeService, type ServiceIdentifier } from './service-token.ts'

const nothingOwned: Promise<void> = Promise.resolve()

/**
 * A scope and its provider in one object; the root is one as well, and owns the singletons. A scope that is not used is a few
 * empty fields: what it keeps, and what it has to dispose, is allocated with the first object that needs it.
 */
export class DefaultServiceProvider extends ServiceProvider implements ServiceScope {
  readonly plans: ServicePlans
  readonly #root: DefaultServiceProvider
  #scopeFactory: ServiceScopeFactory | undefined
  #instances: unknown[] | undefined
  #owned: OwnedObjects | undefined
  #isDisposed = false

  constructor(plans: ServicePlans, root?: DefaultServiceProvider) {
    super()
    this.plans = plans
    this.#root = root ?? this
  }

  get serviceProvider(): ServiceProvider {
    return this
  }

  get scopeFactory(): ServiceScopeFactory {
    this.#root.#scopeFactory ??= new DefaultServiceScopeFactory(this.#root)
    return this.#root.#scopeFactory
  }

  override getService<T>(identifier: ServiceIdentifier<T>, consumer?: AbstractConstructor): T | undefined {
    return this.#get(identifier, undefined, consumer) as T | undefined
  }

  override getKeyedService<T>(identifier: ServiceIdentifier<T>, key: unknown, consumer?: AbstractConstructor): T | undefined {
    const { all, identifier: single } = dependencyOf(identifier)
    if (all) return this.getKeyedServices(single, key, consumer) as T
    if (key === KeyedService.AnyKey) throw coreErrors.anyKeyRequested(describeService(identifier))
    return this.#get(identifier, key ?? undefined, consumer) as T | undefined
  }

  override getServices<T>(identifier: ServiceIdentifier<T>, consumer?: AbstractConstructor): T[] {
    return this.getKeyedServices(identifier, undefined, consumer)
  }

  override getKeyedServices<T>(identifier: ServiceIdentifier<T>, key: unknown, consumer?: AbstractConstructor): T[] {
    this.#throwIfDisposed()
    const plans = this.plans.findAll(identifier, key ?? undefined)
    for (const plan of plans) this.#prepare(plan)
    return plans.map(plan => this.provide(plan, plan.descriptor.key, consumer) as T)
  }

  override getRequiredKeyedService<T>(identifier: ServiceIdentifier<T>, key: unknown, consumer?: AbstractConstructor): T {
    const service = this.getKeyedService(identifier, key, consumer)
    if (service === undefined || service === null) throw this.plans.missing(identifier, key)
    return service
  }

  override getRequiredService<T>(identifier: ServiceIdentifier<T>, consumer?: AbstractConstructor): T {
    const service = this.#get(identifier, undefined, consumer)
    if (service === undefined || service === null) throw this.plans.missing(identifier, undefined)
    return service as T
  }

  override createScope(): ServiceScope {
    this.#throwIfDisposed()
    return new DefaultServiceProvider(this.plans, this.#root)
  }

  /** Gives the object of a plan that is prepared: the kept one, or a new one. */
  provide(plan: ServicePlan, key: unknown, consumer: AbstractConstructor | undefined): unknown {
    if (plan.lifetime === ServiceLifetime.Transient) return this.#make(plan, key, consumer)
    const owner = plan.lifetime === ServiceLifetime.Singleton ? this.#root : this
    const kept = owner.#kept(plan, key)
    if (kept === undefined) return owner.#makeAndKeep(plan, key, consumer)
    if (kept === beingMade) throw this.plans.activator.cycle(plan)
    return kept === madeUndefined ? undefined : kept
  }

  /** A second call does nothing, also when the first has failed; what that one left is still there for `Symbol.asyncDispose`. */
  [Symbol.dispose](): void {
    if (this.#isDisposed) return
    this.#isDisposed = true
    this.#owned?.dispose()
  }

  /** True when disposal has nothing to wait for. */
  get ownsNothing(): boolean {
    return this.#owned === undefined
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    return this.#owned?.disposeAsync() ?? nothingOwned
  }

  #get(identifier: ServiceIdentifier, key: unknown, consumer: AbstractConstructor | undefined): unknown {
    this.#throwIfDisposed()
    const plan = this.plans.find(identifier, key)
    if (plan === undefined) {
      checkIdentifier(identifier)
      return key === undefined ? this.plans.findBuiltIn(identifier, consumer)?.(this, undefined) : undefined
    }
    this.#prepare(plan)
    return this.provide(plan, key, consumer)
  }

  #prepare(plan: ServicePlan): void {
    if (!plan.isPrepared) this.plans.prepare(plan)
    if (plan.scopedPath !== undefined && this === this.#root && this.plans.validateScopes) throw coreErrors.scopedFromRoot(plan.scopedPath)
  }

  #makeAndKeep(plan: ServicePlan, key: unknown, consumer: AbstractConstructor | undefined): unknown {
    let made: unknown
    this.#keep(plan, key, beingMade)
    try {
      made = this.#make(plan, key, consumer)
    } catch (error) {
      this.#keep(plan, key, undefined)
      throw error
    }
    this.#keep(plan, key, made === undefined ? madeUndefined : made)
    return made
  }

  #make(plan: ServicePlan, key: unknown, consumer: AbstractConstructor | undefined): unknown {
    const made = this.plans.activator.activate(plan, this, key, consumer)
    if (isDisposable(made)) this.#own(made)
    return made
  }

  #own(object: object): void {
    this.#owned ??= new OwnedObjects()
    this.#owned.add(object)
    if (!this.#isDisposed) return
    // The scope was disposed by the very constructor or factory that it called.
    this.#owned.dispose()
    throw coreErrors.providerDisposed()
  }

  #kept(plan: ServicePlan, key: unknown): unknown {
    const kept = this.#read(plan)
    return plan.keepsByKey ? (kept as Map<unknown, unknown> | undefined)?.get(key) : kept
  }

  #keep(plan: ServicePlan, key: unknown, object: unknown): void {
    if (!plan.keepsByKey) {
      this.#write(plan, object)
      return
    }
    const byKey = (this.#read(plan) ?? new Map()) as Map<unknown, unknown>
    this.#write(plan, byKey)
    if (object === undefined) byKey.delete(key)
    else byKey.set(key, object)
  }

  #read(plan: ServicePlan): unknown {
    return plan.lifetime === ServiceLifetime.Singleton ? plan.singleton : this.#instances?.[plan.slot]
  }

  #write(plan: ServicePlan, kept: unknown): void {
    if (plan.lifetime === ServiceLifetime.Singleton) {
      plan.singleton = kept
      return
    }
    this.#instances ??= []
    this.#instances[plan.slot] = kept
  }

  #throwIfDisposed(): void {
    if (this.#isDisposed || this.#root.#isDisposed) throw coreErrors.providerDisposed()
  }
}

/** Disposes a scope, asynchronously where that makes a difference. Most scopes of requests have nothing to dispose, and nobody has to wait for them. */
export function disposeScope(scope: ServiceScope): PromiseLike<void> | undefined {
  if (!(scope instanceof DefaultServiceProvider && scope.ownsNothing)) return scope[Symbol.asyncDispose]()
  scope[Symbol.dispose]()
  return undefined
}

class DefaultServiceScopeFactory extends ServiceScopeFactory {
  readonly #root: DefaultServiceProvider

  constructor(root: DefaultServiceProvider) {
    super()
    this.#root = root
  }

  override createScope(): ServiceScope {
    return this.#root.createScope()
  }
}
