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
export { isLogged, markLogged } from './errors/logged-errors.ts'
export { EndpointFeature } from './features/endpoint-feature.ts'
export { createFeatureKey, FeatureCollection, type FeatureKey, type FeatureSource } from './features/feature-collection.ts'
export { HttpConnectionFeature } from './features/http-connection-feature.ts'
export { HttpMaxRequestBodySizeFeature, HttpRequestBodyDetectionFeature, HttpRequestFeature } from './features/http-request-feature.ts'
export { HttpRequestIdentifierFeature } from './features/http-request-identifier-feature.ts'
export { HttpRequestLifetimeFeature } from './features/http-request-lifetime-feature.ts'
export { HttpRequestTimeoutFeature } from './features/http-request-timeout-feature.ts'
export { HttpResponseBodyFeature, HttpResponseFeature, type ResponseCallback } from './features/http-response-feature.ts'
export { HttpExtendedConnectFeature, HttpUpgradeFeature } from './features/http-upgrade-feature.ts'
export { HttpWebSocketFeature } from './features/http-web-socket-feature.ts'
export { ServerAddressesFeature } from './features/server-addresses-feature.ts'
export { ServiceProvidersFeature } from './features/service-providers-feature.ts'
export { HeaderDictionary } from './http/header-dictionary.ts'
export { type PathMatch, PathString } from './http/path-string.ts'
