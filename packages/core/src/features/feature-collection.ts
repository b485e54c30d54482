import { coreErrors } from '../errors/core-errors.ts'

declare const featureType: unique symbol

/** The typed key of a feature. It is a symbol, so an object can answer for several features as properties. */
export type FeatureKey<T> = symbol & { readonly [featureType]?: T }

/** An object whose symbol properties are features: a server makes one for each request. */
export type FeatureSource = object & { readonly [key: symbol]: unknown }

/** Makes the key of a feature. Two copies of a package get the same key for the same name. */
export function createFeatureKey<T>(name: string): FeatureKey<T> {
  return Symbol.for(`windhover.feature.${name}`) as FeatureKey<T>
}

/**
 * What the server and the middleware offer for one request, by typed key. What was set here hides what the source
 * (the server) offers. Every member throws an object-disposed error once the request has ended.
 * (ASP.NET Core: IFeatureCollection)
 */
export class FeatureCollection implements Iterable<[symbol, unknown]> {
  #source: FeatureSource | undefined
  #own: Map<symbol, unknown> | undefined
  #revision = 0
  #closed = false

  constructor(source?: FeatureSource) {
    this.#source = source
  }

  /** Grows with every change, so that a reader can tell whether what it kept is still current. */
  get revision(): number {
    return this.#revision
  }

  get<T>(key: FeatureKey<T>): T | undefined {
    if (this.#closed) throw coreErrors.contextEnded()
    const own = this.#own
    if (own?.has(key)) return own.get(key) as T | undefined
    return this.#source?.[key] as T | undefined
  }

  /** Like `get`, but raises an invalid-operation error that names the feature when it is missing. */
  getRequired<T>(key: FeatureKey<T>): T {
    const feature = this.get(key)
    if (feature === undefined) throw coreErrors.featureMissing(key.description?.replace('windhover.feature.', '') ?? 'unnamed')
    return feature
  }

  /** Offers a feature from now on. `undefined` takes it away, also from the server's own. */
  set<T>(key: FeatureKey<T>, feature: T | undefined): void {
    if (this.#closed) throw coreErrors.contextEnded()
    this.#own ??= new Map()
    this.#own.set(key, feature)
    this.#revision++
  }

  *[Symbol.iterator](): Iterator<[symbol, unknown]> {
    for (const [key, feature] of this.#own ?? []) if (feature !== undefined) yield [key, feature]
    if (this.#source === undefined) return
    for (let level = this.#source; level !== Object.prototype; level = Object.getPrototypeOf(level)) {
      for (const key of Object.getOwnPropertySymbols(level)) {
        if (!this.#own?.has(key) && this.#source[key] !== undefined) yield [key, this.#source[key]]
      }
    }
  }

  /** Called by the host when the request has ended. */
  close(): void {
    this.#closed = true
    this.#source = undefined
    this.#own = undefined
  }
}
