import 'reflect-metadata'
import { container, type DependencyContainer } from 'tsyringe'
import { coreErrors } from '../errors/core-errors.ts'
import type { DefaultServiceProvider } from './default-service-provider.ts'
import type { Activation, ServicePlan } from './service-plan.ts'
import type { AbstractConstructor } from './service-token.ts'

/** No graph of constructors is this deep; a factory that asks for its own service is. Well below the limit of the call stack. */
const deepestChain = 200

/**
 * The seam to tsyringe: one container for a root provider, in it one factory for each plan, which reads the scope that is set right
 * before `resolve`. Factories, not classes: of what it constructs itself, tsyringe's container keeps every instance that has a
 * `dispose` method for ever, and the errors of dependencies lose class, code and cause.
 */
export class Activator {
  readonly #container: DependencyContainer = container.createChildContainer()
  readonly #chain: ServicePlan[] = []
  #scope: DefaultServiceProvider | undefined
  #key: unknown
  #consumer: AbstractConstructor | undefined

  /** The plans whose objects are being made at this moment, outermost first. */
  get chain(): readonly ServicePlan[] {
    return this.#chain
  }

  register(plan: ServicePlan, activate: Activation): void {
    plan.token = Symbol(plan.name)
    this.#container.register(plan.token, {
      useFactory: () => {
        const scope = this.#scope as DefaultServiceProvider
        const key = this.#key
        // A scope, and a key that is an object, must not live on here when the request has ended.
        this.#scope = undefined
        this.#key = undefined
        return activate(scope, key, this.#consumer)
      },
    })
  }

  activate(plan: ServicePlan, scope: DefaultServiceProvider, key: unknown, consumer: AbstractConstructor | undefined): unknown {
    if (this.#chain.length === deepestChain) throw this.cycle(plan)
    this.#chain.push(plan)
    this.#scope = scope
    this.#key = key
    this.#consumer = consumer
    try {
      return this.#container.resolve(plan.token as symbol)
    } finally {
      this.#chain.pop()
    }
  }

  /** The error for a plan that is needed to make itself. */
  cycle(plan: ServicePlan): Error {
    const round = this.#chain.slice(Math.max(this.#chain.lastIndexOf(plan), 0))
    return coreErrors.serviceCycle([...round, plan].map(({ name }) => name))
  }
}
