import { coreErrors } from '../errors/core-errors.ts'

declare const featureType: unique symbol

/** The typed key of a feature. It is a symbol, so an object can answer for several features as properties. */
export type FeatureKey<T> = symbol & { readonly [featureType]?: T }

/** An object whose symbol properties are features: a server makes one for each request. */
export type FeatureSource = object & { readonly [key: symbol]: unknown }

const keyPrefix = 'windhover.feature.'

/** Makes the key of a feature. Two copies of a package get the same key for the same name. */
export function createFeatureKey<T>(name: string): FeatureKey<T> {
  return Symbol.for(keyPrefix + name) as FeatureKey<T>
}

/**
 * What the server and the middleware offer for one request, by typed key. What was set here hides what the source
 * (the server) offers. Every member throws an object-disposed error once the request has ended.
 * (ASP.NET Core: IFeatureCollection)
 */
export class FeatureCollection implements Iterable<[symbol, unknown]> {
  #source: FeatureSource | undefined
  /** Keys and features in turn: for the few that are set this is faster than a map, and an idle WebSocket keeps it for hours. */
  #own: unknown[] | undefined
  #revision = 0
  #isClosed = false

  constructor(source?: FeatureSource) {
    this.#source = source
  }

  /** Grows with every change and with the end of the request, so that a reader can tell whether what it kept is still current. */
  get revision(): number {
    return this.#revision
  }

  /** True once the request has ended. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  get<T>(key: FeatureKey<T>): T | undefined {
    if (this.#isClosed) throw coreErrors.contextEnded()
    const own = this.#own
    if (own !== undefined) for (let i = 0; i < own.length; i += 2) if (own[i] === key) return own[i + 1] as T | undefined
    return this.#source?.[key] as T | undefined
  }

  /** Like `get`, but raises an invalid-operation error that names the feature when it is missing. */
  getRequired<T>(key: FeatureKey<T>): T {
    const feature = this.get(key)
    if (feature === undefined) throw coreErrors.featureMissing(key.description?.replace(keyPrefix, '') ?? 'unnamed')
    return feature
  }

  /** Offers a feature from now on. `undefined` takes it away, also from the server's own. */
  set<T>(key: FeatureKey<T>, feature: T | undefined): void {
    if (this.#isClosed) throw coreErrors.contextEnded()
    this.#revision++
    const own = this.#own
    if (own === undefined) {
      this.#own = [key, feature]
      return
    }
    let i = 0
    while (i < own.length && own[i] !== key) i += 2
    own[i] = key
    own[i + 1] = feature
  }

  /** What is offered at this moment, each feature once. */
  *[Symbol.iterator](): Iterator<[symbol, unknown]> {
    if (this.#isClosed) throw coreErrors.contextEnded()
    const keys = new Set<symbol>()
    for (let i = 0; i < (this.#own?.length ?? 0); i += 2) keys.add(this.#own![i] as symbol)
    for (let level: object | null = this.#source ?? null; level !== null; level = Object.getPrototypeOf(level)) {
      for (const key of Object.getOwnPropertySymbols(level)) if (Symbol.keyFor(key)?.startsWith(keyPrefix)) keys.add(key)
    }
    for (const key of keys) {
      const feature = this.get(key)
      if (feature !== undefined) yield [key, feature]
    }
  }

  /** Called by the host when the request has ended. */
  close(): void {
    this.#isClosed = true
    this.#revision++
    this.#source = undefined
    this.#own = undefined
  }
}
