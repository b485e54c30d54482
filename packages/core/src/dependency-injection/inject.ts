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

/** Unlike TypeScript's own ConstructorParameters, this one can read a `readonly` rest parameter. */
type ParametersOf<C> = C extends abstract new (...args: infer Parameters extends readonly unknown[]) => unknown ? Parameters : never

/** What the compiler shows when `static inject` and the constructor disagree. */
export interface InjectMismatch<Injected, Parameters> {
  readonly 'static inject does not fit the constructor': { readonly injected: Injected; readonly constructor: Parameters }
}

/** What the compiler shows when `static inject` is an array of some length, so that it cannot tell which service stands where. */
export interface InjectNotConst {
  readonly 'static inject needs "as const"': never
}

/**
 * Nothing (`unknown`) when the `static inject` of a class fits its constructor after the `Given` arguments, or when it has none;
 * else a type that the class does not have and that says what is wrong. Write `type: C & InjectCheck<C>`.
 */
export type InjectCheck<C, Given extends readonly unknown[] = []> = C extends Constructor
  ? ConstructorInject<C> extends infer List extends readonly unknown[]
    ? [...Given, ...ResolvedServices<List>] extends ParametersOf<C>
      ? unknown
      : number extends List['length']
        ? InjectNotConst
        : InjectMismatch<[...Given, ...ResolvedServices<List>], ParametersOf<C>>
    : unknown
  : unknown
