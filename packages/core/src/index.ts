import 'reflect-metadata'

export { ChangeListeners } from './configuration/change-listeners.ts'
export { Configuration, ConfigurationSection } from './configuration/configuration.ts'
export type { BinderOptions } from './configuration/configuration-binder.ts'
export { compareConfigurationKeys, foldConfigurationKey } from './configuration/configuration-key.ts'
export { ConfigurationPath } from './configuration/configuration-path.ts'
export {
  type ConfigurationShape,
  DictionaryShape,
  OptionalShape,
  type OptionsClass,
  type PropertyShapes,
  Shape,
  type Shaped,
  type ShapeFor,
  type ShapesFor,
  type ValueShape,
} from './configuration/configuration-shape.ts'
export type { ValueParser } from './configuration/value-parsers.ts'
export {
  AggregateException,
  ArgumentException,
  ArgumentNullException,
  ArgumentOutOfRangeException,
  BadHttpRequestException,
  FormatException,
  InvalidDataException,
  InvalidOperationException,
  IOException,
  NotSupportedException,
  ObjectDisposedException,
  OperationCanceledException,
  WindhoverException,
} from './errors/exceptions.ts'
