import type { Constructor, ServiceType } from './service-token.ts'

/** The services that a list of identifiers stands for, in the same order. */
export type ResolvedServices<List extends readonly unknown[]> = { -readonly [Index in keyof List]: ServiceType<List[Index]> }

/** What `static inject` of a class says about its constructor: a list, or undefined when it says nothing. */
export type ConstructorInject<C> = C extends { readonly inject: infer Inject }
  ? Inject extends readonly unknown[]
    ? Inject
    : Inject extends { readonly constructor: infer List extends readonly unknown[] }
      ? List
      : undefined
  : undefined

/** What the compiler shows when `static inject` and the constructor disagree. */
export interface InjectMismatch<Injected, Parameters> {
  readonly 'static inject does not fit the constructor': { readonly injected: Injected; readonly constructor: Parameters }
}

/**
 * Nothing (`unknown`) when the `static inject` of a class fits its constructor after the `Given` arguments, or when it has none;
 * else a type that the class does not have and that shows both lists. Write `type: C & InjectCheck<C>`.
 */
export type InjectCheck<C, Given extends readonly unknown[] = []> = C extends Constructor
  ? ConstructorInject<C> extends infer List extends readonly unknown[]
    ? [...Given, ...ResolvedServices<List>] extends ConstructorParameters<C>
      ? unknown
      : InjectMismatch<[...Given, ...ResolvedServices<List>], ConstructorParameters<C>>
    : unknown
  : unknown
