import {
  type ApplicationBuilder,
  type Constructor,
  createMethodInvoker,
  LoggerFactory,
  type ServiceCollection,
  ServiceProvider,
  WebHostEnvironment,
} from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'
import { isPromise } from './is-promise.ts'
import { findStartupMethod, type StartupMethod, startupMethodNames } from './startup-methods.ts'

/** The three arguments that `configure` gets by position. */
const configureArguments = 3

/** The conventions of a Startup class: which of its methods are called, and with what. (ASP.NET Core: StartupLoader) */
export class Startup {
  readonly #type: Constructor
  readonly #environmentName: string
  readonly #createInstance: () => object
  #instance: object | undefined

  /** `createInstance` is called at most once, when a method needs the object. */
  constructor(type: Constructor, environmentName: string, createInstance: () => object) {
    this.#type = type
    this.#environmentName = environmentName
    this.#createInstance = createInstance
  }

  get name(): string {
    return this.#type.name
  }

  /** The Startup object, made on first use. */
  get instance(): object {
    this.#instance ??= this.#createInstance()
    return this.#instance
  }

  /** Makes the Startup object now, whether or not a method needs it. Raises an invalid-operation error when two methods could add services. */
  construct(): void {
    this.#findFor('Services')
    this.#instance ??= this.#createInstance()
  }

  /** Raises an invalid-operation error when the class has no method that configures the pipeline, or two. */
  requireConfigure(): StartupMethod {
    const names = startupMethodNames(this.#environmentName)
    const method = this.#find(names)
    if (method === undefined) throw hostingErrors.startupMethodMissing(this.#type.name, names)
    return method
  }

  /** Lets the class add its services. Gives back the provider that it returns, if it does. */
  configureServices(services: ServiceCollection): ServiceProvider | undefined {
    const method = this.#findFor('Services')
    if (method === undefined) return undefined
    const target = this.#targetOf(method)
    if (target[method.name]!.length > 1) throw hostingErrors.startupServicesParameters(this.#type.name, method.name)
    const result = target[method.name]!(services)
    if (isPromise(result)) throw lost(result, hostingErrors.startupMethodAsync(this.#type.name, method.name))
    return result instanceof ServiceProvider ? result : undefined
  }

  /** Lets the class work on the builder of the container, if it has a method for that. */
  configureContainer(containerBuilder: unknown): void {
    const method = this.#findFor('Container')
    if (method === undefined) return
    const result = this.#targetOf(method)[method.name]!(containerBuilder)
    if (isPromise(result)) throw lost(result, hostingErrors.startupMethodAsync(this.#type.name, method.name))
  }

  /** Lets the class add its middleware. Services for its further parameters come from `services`. */
  configure(app: ApplicationBuilder, services: ServiceProvider): Promise<void> | void {
    const method = this.requireConfigure()
    const target = this.#targetOf(method)
    const given = [app, services.getService(WebHostEnvironment), services.getService(LoggerFactory)]
    const result =
      method.owner === 'object'
        ? target[method.name]!(...given)
        : createMethodInvoker(this.#type, method.name, configureArguments, method.owner === 'class')(target, services, ...given)
    if (isPromise(result)) return Promise.resolve(result)
  }

  #findFor(role: string): StartupMethod | undefined {
    return this.#find(startupMethodNames(this.#environmentName, role))
  }

  /** On the class first, so that its mistakes are told before it is constructed. Its objects may have functions as fields. */
  #find(names: readonly string[]): StartupMethod | undefined {
    return (
      findStartupMethod(this.#type, this.#instance, names) ??
      (this.#needsInstance() ? findStartupMethod(this.#type, this.instance, names) : undefined)
    )
  }

  /** A class whose `configure` is static need not be constructed. */
  #needsInstance(): boolean {
    return findStartupMethod(this.#type, this.#instance, startupMethodNames(this.#environmentName))?.owner !== 'class'
  }

  #targetOf(method: StartupMethod): Record<string, (...args: unknown[]) => unknown> {
    return (method.owner === 'class' ? this.#type : this.instance) as never
  }
}

/** The promise is given up together with the host, so its own failure must not end the process later. */
function lost(promise: PromiseLike<unknown>, error: Error): Error {
  promise.then(undefined, () => {})
  return error
}
