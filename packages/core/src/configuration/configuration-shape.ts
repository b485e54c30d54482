import { parseBoolean, parseEnumeration, parseInt32, parseInteger, parseNumber, parseTimeSpan, type ValueParser } from './value-parsers.ts'

/** The type of a single value: one of JavaScript's own, or anything with `parse(text)`. */
export type ValueShape = StringConstructor | NumberConstructor | BooleanConstructor | ValueParser<unknown>

/** A value that may be absent: made by `Shape.optional`. */
export class OptionalShape<S extends ConfigurationShape = ConfigurationShape> {
  readonly kind: 'optional' = 'optional'
  readonly of: S

  constructor(of: S) {
    this.of = of
  }
}

/** Values under keys that the configuration chooses: made by `Shape.dictionaryOf`. */
export class DictionaryShape<S extends ConfigurationShape = ConfigurationShape> {
  readonly kind: 'dictionary' = 'dictionary'
  readonly of: S

  constructor(of: S) {
    this.of = of
  }
}

/** The shapes of the properties of an object, by their names. */
export interface PropertyShapes {
  readonly [property: string]: ConfigurationShape
}

/**
 * A class of options: its default values tell the types of its properties. What a default cannot tell (durations, enumerations, lists that
 * begin empty, properties that begin undefined) stands in `static readonly shape`.
 */
export interface OptionsClass<T extends object = object> {
  new (): T
  readonly shape?: PropertyShapes
}

/**
 * What a section of the configuration becomes, since TypeScript's types are gone at run time: a type of single values, `[type]` for a list,
 * an options class, an object of shapes, or what `Shape` makes.
 */
export type ConfigurationShape =
  | ValueShape
  | OptionalShape
  | DictionaryShape
  | OptionsClass
  | readonly [ConfigurationShape]
  | PropertyShapes

/** The type of the values that a shape gives. */
export type Shaped<S> = ConfigurationShape extends S
  ? unknown
  : S extends StringConstructor
    ? string
    : S extends NumberConstructor
      ? number
      : S extends BooleanConstructor
        ? boolean
        : S extends OptionalShape<infer Inner>
          ? Shaped<Inner> | undefined
          : S extends DictionaryShape<infer Inner>
            ? Map<string, Shaped<Inner>>
            : S extends ValueParser<infer Value>
              ? Value
              : S extends new () => infer Instance
                ? Instance
                : S extends readonly (infer Inner)[]
                  ? Shaped<Inner>[]
                  : { -readonly [Property in keyof S]: Shaped<S[Property]> | undefined }

/** The shapes that give a value of type `V`. */
export type ShapeFor<V> =
  | ValueParser<V>
  | (undefined extends V ? OptionalShape<ShapeFor<NonNullable<V>>> : never)
  | (NonNullable<V> extends infer Value
      ? Value extends string
        ? StringConstructor
        : Value extends number
          ? NumberConstructor
          : Value extends boolean
            ? BooleanConstructor
            : Value extends readonly (infer Item)[]
              ? readonly [ShapeFor<Item>]
              : Value extends ReadonlyMap<string, infer Item>
                ? DictionaryShape<ShapeFor<Item>>
                : Value extends object
                  ? OptionsClass<Value> | ShapesFor<Value>
                  : never
      : never)

/**
 * The shapes that fit the properties of `T`. Lets the compiler check what an options class declares:
 * `static readonly shape = { timeout: Shape.timeSpan } satisfies ShapesFor<MailOptions>`.
 */
export type ShapesFor<T> = { readonly [Property in keyof T]?: ShapeFor<T[Property]> }

/** The types of configuration values that JavaScript has no constructor for. */
export const Shape: {
  /** A whole number up to 2^53 - 1, decimal or hexadecimal (`0x10`). (.NET: long) */
  readonly integer: ValueParser<number>
  /** A whole number of 32 bits, decimal or hexadecimal (`0x10`). (.NET: int) */
  readonly int32: ValueParser<number>
  /** A duration as .NET writes it, in milliseconds: `00:00:30` is 30000. A bare number is DAYS: `7` is a week. (.NET: TimeSpan) */
  readonly timeSpan: ValueParser<number>
  /** A member of an enumeration by name or value, in any case. Where members are numbers, any whole number passes, as in .NET. */
  enumOf<V extends string | number>(members: Readonly<Record<string, V>>): ValueParser<V>
  /** A value that may be absent: null and, except for texts, an empty text make it undefined. (.NET: `int?`, `string?`) */
  optional<const S extends ConfigurationShape>(of: S): OptionalShape<S>
  /** A `Map` of values whose keys are those of the configuration, as written there. (.NET: `Dictionary<string, T>`) */
  dictionaryOf<const S extends ConfigurationShape>(of: S): DictionaryShape<S>
} = {
  integer: { parse: parseInteger },
  int32: { parse: parseInt32 },
  timeSpan: { parse: parseTimeSpan },
  enumOf: members => ({ parse: text => parseEnumeration(members, text) }),
  optional: of => new OptionalShape(of),
  dictionaryOf: of => new DictionaryShape(of),
}

/** Whether the shape describes one value rather than a section with children. */
export function isValueShape(shape: ConfigurationShape): shape is ValueShape {
  if (isNativeShape(shape)) return true
  // `{ parse: String }` is an object with a property of that name.
  const parse = (shape as { readonly parse?: unknown }).parse
  return typeof parse === 'function' && !isNativeShape(parse)
}

function isNativeShape(shape: unknown): boolean {
  return shape === String || shape === Number || shape === Boolean
}

/** Reads one value. Throws what its parser throws. */
export function parseValue(shape: ValueShape, text: string): unknown {
  if (shape === String) return text
  if (shape === Number) return parseNumber(text)
  if (shape === Boolean) return parseBoolean(text)
  return (shape as ValueParser<unknown>).parse(text)
}
