const AnyKey: unique symbol = Symbol.for('windhover.KeyedService.AnyKey')

/** The keys with a meaning of their own. (.NET: KeyedService) */
export const KeyedService: {
  /**
   * As the key of a registration: it answers for every key that has no registration of its own, with one object per key.
   * As the key of `getKeyedServices`: the services of all keys.
   */
  readonly AnyKey: typeof AnyKey
} = { AnyKey }
