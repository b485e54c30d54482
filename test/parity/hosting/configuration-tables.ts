import { type Configuration, type OptionalShape, Shape, type ValueShape } from '@windhover/core'
import { ConfigurationBuilder } from '@windhover/hosting'

type Text = string | null

interface Sources {
  readonly sources: readonly Readonly<Record<string, Text>>[]
}

interface SectionsInput extends Sources {
  readonly section?: string
  readonly set?: Readonly<Record<string, Text>>
}

interface BindInput extends Sources {
  readonly section?: string
  readonly get?: boolean
  readonly errorOnUnknown?: boolean
}

interface GetValueInput extends Sources {
  readonly type: string
  readonly key: string
}

const Colour = { Red: 0, Green: 1, DarkBlue: 2 } as const
type Colour = (typeof Colour)[keyof typeof Colour]

class BoundInner {
  depth = 0
  label: string | undefined

  static readonly shape = { depth: Shape.int32, label: Shape.optional(String) }
}

/** One property for each kind of value that options have. */
class BoundOptions {
  text: string | undefined
  withDefault: string | undefined = 'default'
  number = -1
  optionalNumber: number | undefined
  ratio = 0
  flag = false
  interval = 0
  colour: Colour = Colour.Red
  names: string[] | undefined
  defaults = ['first']
  limits: Map<string, number> | undefined
  inner: BoundInner | undefined
  ready: BoundInner = Object.assign(new BoundInner(), { depth: 1 })

  static readonly shape = {
    text: Shape.optional(String),
    withDefault: Shape.optional(String),
    number: Shape.int32,
    optionalNumber: Shape.optional(Shape.int32),
    interval: Shape.timeSpan,
    colour: Shape.enumOf(Colour),
    names: [String] as const,
    limits: Shape.dictionaryOf(Shape.int32),
    inner: BoundInner,
  }

  get readOnly(): string {
    return 'fixed'
  }
}

/** The defaults that `GetValue<T>` of .NET gives for a missing key; ours gives undefined unless the caller names one. */
const valueTypes: Readonly<Record<string, readonly [ValueShape | OptionalShape<ValueShape>, defaultValue?: unknown]>> = {
  int: [Shape.int32, 0],
  'int?': [Shape.optional(Shape.int32)],
  double: [Number, 0],
  bool: [Boolean, false],
  'bool?': [Shape.optional(Boolean)],
  string: [String],
  timeSpan: [Shape.timeSpan, 0],
  enum: [Shape.enumOf(Colour), Colour.Red],
  'int default 7': [Shape.int32, 7],
}

export const configurationTables = {
  'configuration/command-line': (input: { args: string[]; switchMappings?: Record<string, string> }): unknown =>
    flatten(new ConfigurationBuilder().addCommandLine(input.args, input.switchMappings).build()),

  'configuration/environment': (input: { variables: Record<string, string>; prefix: string }): unknown =>
    flatten(new ConfigurationBuilder().addEnvironmentVariables(input.prefix, input.variables).build()),

  'configuration/json': (input: string): unknown => flatten(new ConfigurationBuilder().addJsonStream(input).build()),

  'configuration/sections': sections,
  'configuration/bind': bind,
  'configuration/get-value': getValue,
}

function sections(input: SectionsInput): unknown {
  const configuration = build(input)
  for (const [key, value] of Object.entries(input.set ?? {})) configuration.set(key, value ?? undefined)
  const section = configuration.getSection(input.section ?? '')
  const children = input.section === undefined ? configuration.getChildren() : section.getChildren()
  return {
    path: section.path,
    key: section.key,
    value: section.value ?? null,
    exists: section.exists(),
    children: children.map(child => [child.key, child.path, child.value ?? null]),
  }
}

function bind(input: BindInput): unknown {
  const configuration = build(input)
  const source = input.section === undefined ? configuration : configuration.getSection(input.section)
  if (input.get === true) return changed(source.get(BoundOptions))
  return changed(source.bind(new BoundOptions(), undefined, { errorOnUnknownConfiguration: input.errorOnUnknown === true }))
}

/** The properties that differ from those of new options. */
function changed(options: BoundOptions | undefined): unknown {
  if (options === undefined) return null
  const before = plain(new BoundOptions())
  return Object.fromEntries(
    Object.entries(plain(options)).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name])),
  )
}

function plain(options: BoundOptions): Record<string, unknown> {
  const { colour, limits, ...others } = options
  const inner = (value: BoundInner | undefined) => value && { depth: value.depth, label: value.label ?? null }
  return Object.fromEntries(
    Object.entries({
      ...others,
      colour: colourName(colour),
      limits: limits && Object.fromEntries(limits),
      inner: inner(options.inner),
      ready: inner(options.ready),
    }).map(([name, value]) => [name, jsonOf(value)]),
  )
}

function getValue(input: GetValueInput): unknown {
  const configuration = build(input)
  if (input.type === 'connectionString') return configuration.getConnectionString(input.key) ?? null
  if (input.type === 'required') return configuration.getRequiredSection(input.key).value ?? null
  const [type, defaultValue] = valueTypes[input.type]!
  const value = configuration.getValue(input.key, type as ValueShape, defaultValue)
  if (input.type === 'enum') return colourName(value as Colour)
  return jsonOf(value)
}

/** JSON has no numbers that are not finite; the recordings write their names. */
function jsonOf(value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : (value ?? null)
}

function colourName(colour: Colour): unknown {
  return Object.entries(Colour).find(([, value]) => value === colour)?.[0] ?? colour
}

function build(input: Sources) {
  const builder = new ConfigurationBuilder()
  for (const source of input.sources) builder.addInMemoryCollection(source)
  return builder.build()
}

/** Every value, and every key that has neither value nor children. */
function flatten(configuration: Configuration): unknown {
  const entries = [...configuration.asEnumerable()]
  return Object.fromEntries(
    entries
      .filter(([key, value]) => value !== undefined || configuration.getChildKeys(key).length === 0)
      .map(([key, value]) => [key, value ?? null]),
  )
}
