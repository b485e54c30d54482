import { coreErrors } from '../errors/core-errors.ts'
import type { Configuration } from './configuration.ts'
import { foldConfigurationKey } from './configuration-key.ts'
import {
  type ConfigurationShape,
  DictionaryShape,
  isValueShape,
  OptionalShape,
  type OptionsClass,
  type PropertyShapes,
  parseValue,
  type ValueShape,
} from './configuration-shape.ts'

/** How a section is bound to an object. (.NET: BinderOptions) */
export interface BinderOptions {
  /** True: a key of the section that the object has no property for raises an invalid-operation error. Default false. */
  readonly errorOnUnknownConfiguration?: boolean
}

/** What `read` gives when the configuration says nothing: the property keeps what it has. */
const nothing: unique symbol = Symbol('nothing')

/** The value that a section gives for a shape; undefined when the section is empty. */
export function readShape(section: Configuration, shape: ConfigurationShape, options: BinderOptions = {}): unknown {
  const value = read(section, shape, undefined, options)
  return value === nothing ? undefined : value
}

/** Sets the properties of `target` that the section has values for. */
export function bindProperties(section: Configuration, target: object, shapes: PropertyShapes, options: BinderOptions = {}): void {
  const names = bindablePropertiesOf(target, shapes)
  if (options.errorOnUnknownConfiguration) refuseUnknownKeys(section, target, shapes)
  for (const name of names) {
    const child = section.getSection(name)
    const current: unknown = Reflect.get(target, name)
    const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined
    if (current === undefined && isText(shape) && child.value === undefined) refuseSection(child)
    const value = shape === undefined ? readByDefault(child, current, options) : read(child, shape, current, options)
    if (value !== nothing) Reflect.set(target, name, value)
  }
}

/** The shapes that the class of an object declares. */
export function shapesOf(target: object): PropertyShapes {
  return (target.constructor as Partial<OptionsClass> | undefined)?.shape ?? {}
}

function read(section: Configuration, shape: ConfigurationShape, current: unknown, options: BinderOptions): unknown {
  if (shape instanceof OptionalShape) return readOptional(section, shape, current, options)
  if (isValueShape(shape)) return readValue(section, shape, options)
  if (options.errorOnUnknownConfiguration) refuseText(section)
  if (Array.isArray(shape)) return readList(section, shape[0], current, options)
  if (shape instanceof DictionaryShape) return readDictionary(section, shape.of, current, options)
  if (section.getChildren().length === 0) return nothing
  if (typeof shape === 'function') {
    const instance = current instanceof shape ? current : new (shape as OptionsClass)()
    bindProperties(section, instance, shapesOf(instance), options)
    return instance
  }
  const object = typeof current === 'object' && current !== null ? current : {}
  bindProperties(section, object, shape as PropertyShapes, options)
  return object
}

function readValue(section: Configuration, shape: ValueShape, options: BinderOptions): unknown {
  const text = section.tryGet()
  if (text === undefined || text === null) {
    if (options.errorOnUnknownConfiguration) refuseSection(section)
    return nothing
  }
  try {
    return parseValue(shape, text)
  } catch (error) {
    throw coreErrors.configurationValue(section.path, error)
  }
}

function readOptional(section: Configuration, shape: OptionalShape, current: unknown, options: BinderOptions): unknown {
  const text = section.tryGet()
  if (text === null) return undefined
  if (text === '' && shape.of !== String && isValueShape(shape.of)) return undefined
  return read(section, shape.of, current, options)
}

function isText(shape: ConfigurationShape | undefined): boolean {
  return (shape instanceof OptionalShape ? shape.of : shape) === String
}

/** A section where one value is expected: nothing could be made of it. */
function refuseSection(section: Configuration): void {
  const children = section.getChildren()
  if (children.length === 0) return
  throw coreErrors.configurationUnknown(
    children.map(child => child.path),
    `The value at "${section.path}"`,
  )
}

/** One value where a section is expected. An empty text is how an empty list of JSON arrives. */
function refuseText(section: Configuration): void {
  const text = section.tryGet()
  if (!text || section.path === '' || section.getChildren().length > 0) return
  throw coreErrors.configurationValue(section.path, coreErrors.format('keys below it', text))
}

/** Adds to the list that is there: a default stays in front of what the configuration lists. */
function readList(section: Configuration, shape: ConfigurationShape, current: unknown, options: BinderOptions): unknown {
  const list: unknown[] = Array.isArray(current) ? [...current] : []
  const children = section.getChildren()
  // An empty array of JSON arrives as an empty text.
  if (children.length === 0 && section.tryGet() !== '') return nothing
  for (const child of children) {
    const value = read(child, shape, undefined, options)
    if (value !== nothing) list.push(value)
  }
  return list
}

function readDictionary(section: Configuration, shape: ConfigurationShape, current: unknown, options: BinderOptions): unknown {
  const children = section.getChildren()
  if (children.length === 0) return nothing
  const dictionary = new Map<string, unknown>(current instanceof Map ? current : [])
  for (const child of children) {
    const value = read(child, shape, dictionary.get(child.key), options)
    if (value !== nothing) dictionary.set(child.key, value)
  }
  return dictionary
}

/** A property without a declared shape has the type of its default value. */
function readByDefault(section: Configuration, current: unknown, options: BinderOptions): unknown {
  const shape = shapeOfDefault(current)
  if (shape !== undefined) return read(section, shape, current, options)
  if (!section.exists()) return nothing
  throw coreErrors.configurationShapeMissing(section.path)
}

function shapeOfDefault(value: unknown): ConfigurationShape | undefined {
  if (typeof value === 'string') return String
  if (typeof value === 'number') return Number
  if (typeof value === 'boolean') return Boolean
  if (typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value)) {
    const shape = shapeOfDefault(value[0])
    return shape && [shape]
  }
  if (value instanceof Map) {
    const shape = shapeOfDefault(value.values().next().value)
    return shape && new DictionaryShape(shape)
  }
  return shapesOf(value)
}

/** Own properties with a value, accessors that can be set, and everything that has a shape; neither methods nor read-only properties. */
function bindablePropertiesOf(target: object, shapes: PropertyShapes): ReadonlySet<string> {
  return propertiesOf(target, shapes, property =>
    property.get === undefined ? property.writable === true && typeof property.value !== 'function' : property.set !== undefined,
  )
}

function propertiesOf(target: object, shapes: PropertyShapes, isWanted: (property: PropertyDescriptor) => boolean): ReadonlySet<string> {
  const names = new Set<string>(Object.keys(shapes))
  for (let level = target; level !== null && level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      if (isWanted(property) && name !== '__proto__') names.add(name)
    }
  }
  return names
}

/** A read-only property is known, though nothing sets it. */
function refuseUnknownKeys(section: Configuration, target: object, shapes: PropertyShapes): void {
  const names = propertiesOf(target, shapes, property => typeof property.value !== 'function')
  const known = new Set([...names].map(foldConfigurationKey))
  const unknown = section.getChildren().filter(child => !known.has(foldConfigurationKey(child.key)))
  if (unknown.length === 0) return
  throw coreErrors.configurationUnknown(
    unknown.map(child => child.path),
    target.constructor?.name ?? 'the object',
  )
}
