import 'reflect-metadata'
import './dependency-injection/single-copy.ts'
import './extensions.ts'

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
export { ActivatorUtilities } from './dependency-injection/activator-utilities.ts'
export {
  type ConstructorParameterDecorator,
  type DelayedService,
  delay,
  inject,
  injectAll,
  injectable,
} from './dependency-injection/decorators.ts'
export { allOf, keyed, optional, ServiceKey } from './dependency-injection/dependency.ts'
export { fromKeyedServices, fromServices, type ParameterMarker } from './dependency-injection/from-services.ts'
export type { ConstructorInject, InjectCheck, InjectMismatch, InjectNotConst, ResolvedServices } from './dependency-injection/inject.ts'
export { KeyedService } from './dependency-injection/keyed-service.ts'
export { createMethodInvoker, type MethodInvoker } from './dependency-injection/method-invoker.ts'
export { ServiceCollection } from './dependency-injection/service-collection.ts'
export { ServiceDescriptor } from './dependency-injection/service-descriptor.ts'
export { ServiceDescriptorList } from './dependency-injection/service-descriptor-list.ts'
export type {
  ImplementationArguments,
  KeyedServiceArguments,
  KeyedServiceFactory,
  KeyedSingletonArguments,
  ServiceArguments,
  ServiceFactory,
  ServiceImplementation,
  ServiceInstance,
  SingletonArguments,
} from './dependency-injection/service-implementation.ts'
export { ServiceLifetime } from './dependency-injection/service-lifetime.ts'
export { ServiceProvider } from './dependency-injection/service-provider.ts'
export { DefaultServiceProviderFactory, ServiceProviderFactory } from './dependency-injection/service-provider-factory.ts'
export { ServiceProviderIsKeyedService, ServiceProviderIsService } from './dependency-injection/service-provider-is-service.ts'
export type { ServiceProviderOptions } from './dependency-injection/service-provider-options.ts'
export { type AsyncServiceScope, type ServiceScope, ServiceScopeFactory } from './dependency-injection/service-scope.ts'
export {
  type AbstractConstructor,
  type Constructor,
  createServiceToken,
  type ServiceIdentifier,
  type ServiceResolver,
  ServiceToken,
  type ServiceType,
} from './dependency-injection/service-token.ts'
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
export { kindOf } from './errors/kind-of.ts'
export { isLogged, markLogged } from './errors/logged-errors.ts'
export { EndpointFeature } from './features/endpoint-feature.ts'
export { createFeatureKey, FeatureCollection, type FeatureKey, type FeatureSource } from './features/feature-collection.ts'
export { FormFeature } from './features/form-feature.ts'
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
export { BackgroundService } from './hosting/background-service.ts'
export { Environments } from './hosting/environments.ts'
export { HostApplicationLifetime } from './hosting/host-application-lifetime.ts'
export { HostEnvironment, WebHostEnvironment } from './hosting/host-environment.ts'
export { HostedLifecycleService, HostedService } from './hosting/hosted-service.ts'
export { type ConfigureApplication, StartupFilter } from './hosting/startup-filter.ts'
export { type BodySink, type DrainableBody, drainTo } from './http/body-sink.ts'
export type { BufferingOptions } from './http/buffered-body.ts'
export { type Claim, ClaimsIdentity, ClaimsPrincipal } from './http/claims-principal.ts'
export { ConnectionInfo } from './http/connection-info.ts'
export { type CookieOptions, SameSiteMode } from './http/cookie-options.ts'
export { Endpoint } from './http/endpoint.ts'
export { FormCollection } from './http/form-collection.ts'
export { FormFile, FormFileCollection } from './http/form-file.ts'
export { FormOptions } from './http/form-options.ts'
export { HeaderDictionary } from './http/header-dictionary.ts'
export { HeaderNames } from './http/header-names.ts'
export { HostString } from './http/host-string.ts'
export { HttpContext } from './http/http-context.ts'
export { HttpContextAccessor } from './http/http-context-accessor.ts'
export { DefaultHttpContextFactory, HttpContextFactory } from './http/http-context-factory.ts'
export { HttpRequest } from './http/http-request.ts'
export { HttpResponse, type RedirectOptions } from './http/http-response.ts'
export { MultipartReader, type MultipartReaderOptions, type MultipartSection } from './http/multipart-reader.ts'
export { type PathMatch, PathString } from './http/path-string.ts'
export { QueryCollection } from './http/query-collection.ts'
export { QueryBuilder, QueryHelpers } from './http/query-helpers.ts'
export { type QueryPairs, QueryString } from './http/query-string.ts'
export { RequestCookies } from './http/request-cookies.ts'
export { ResponseCookies } from './http/response-cookies.ts'
export { type Session, SessionFeature } from './http/session.ts'
export { StringComparison } from './http/string-comparison.ts'
export { ValueCollection } from './http/value-collection.ts'
export { EventId } from './logging/event-id.ts'
export { formatDate } from './logging/format-date.ts'
export { formatValue } from './logging/format-value.ts'
export { LogEntry, type LogEntryInit } from './logging/log-entry.ts'
export { LogLevel } from './logging/log-level.ts'
export { LogScope, type LogScopeState } from './logging/log-scope.ts'
export { LogValues } from './logging/log-values.ts'
export { type LogArguments, Logger } from './logging/logger.ts'
export { LoggerExternalScopeProvider } from './logging/logger-external-scope-provider.ts'
export { LoggerFactory } from './logging/logger-factory.ts'
export { type LogFilter, LoggerFilterOptions, type LoggerFilterRule } from './logging/logger-filter-options.ts'
export { LoggerProvider, type LoggerProviderClass } from './logging/logger-provider.ts'
export { LoggingBuilder } from './logging/logging-builder.ts'
export { MessageTemplate } from './logging/message-template.ts'
export { NullLogger } from './logging/null-logger.ts'
export { NullLoggerFactory } from './logging/null-logger-factory.ts'
export { Options } from './options/options.ts'
export { OptionsBuilder } from './options/options-builder.ts'
export { OptionsMonitor } from './options/options-monitor.ts'
export { OptionsSnapshot } from './options/options-snapshot.ts'
export { ConfigureOptions, OptionsChangeSource, PostConfigureOptions, ValidateOptions } from './options/options-steps.ts'
export { OptionsValidationException } from './options/options-validation-exception.ts'
export { StartupValidation, StartupValidator } from './options/startup-validator.ts'
export { ApplicationBuilder, type BranchConfiguration, type Predicate } from './pipeline/application-builder.ts'
export type { ConventionMiddleware } from './pipeline/convention-middleware.ts'
export { DefaultMiddlewareFactory, FactoryMiddleware, MiddlewareFactory } from './pipeline/factory-middleware.ts'
export type { MapOptions } from './pipeline/map.ts'
export type { Middleware, MiddlewareComponent, Next, RequestDelegate } from './pipeline/request-delegate.ts'
export { requestUnhandledKey } from './pipeline/terminal-delegate.ts'
export type { MiddlewareClass } from './pipeline/use-middleware.ts'
export { PreparedWebSocketMessage } from './web-sockets/prepared-web-socket-message.ts'
export {
  WebSocket,
  type WebSocketOperationOptions,
  type WebSocketSendData,
  type WebSocketSendOptions,
} from './web-sockets/web-socket.ts'
export type { WebSocketAcceptContext } from './web-sockets/web-socket-accept-context.ts'
export { WebSocketException } from './web-sockets/web-socket-exception.ts'
export { WebSocketManager } from './web-sockets/web-socket-manager.ts'
export { WebSocketMessage, type WebSocketReceiveResult } from './web-sockets/web-socket-receive-result.ts'
export { WebSocketCloseStatus, WebSocketError, WebSocketMessageType, WebSocketState } from './web-sockets/web-socket-types.ts'
