import './extensions.ts'

export { ChainedConfigurationProvider } from './configuration/chained-configuration-provider.ts'
export { CommandLineConfigurationProvider, type SwitchMappings } from './configuration/command-line-configuration-provider.ts'
export { ConfigurationBuilder } from './configuration/configuration-builder.ts'
export { ConfigurationData } from './configuration/configuration-data.ts'
export { ConfigurationManager } from './configuration/configuration-manager.ts'
export { ConfigurationProvider } from './configuration/configuration-provider.ts'
export { ConfigurationRoot } from './configuration/configuration-root.ts'
export type { ConfigurationSource } from './configuration/configuration-source.ts'
export { EnvironmentVariablesConfigurationProvider } from './configuration/environment-variables-configuration-provider.ts'
export { JsonFileConfigurationProvider, type JsonFileOptions } from './configuration/json-file-configuration-provider.ts'
export { JsonStreamConfigurationProvider } from './configuration/json-stream-configuration-provider.ts'
export { type InMemoryCollection, MemoryConfigurationProvider } from './configuration/memory-configuration-provider.ts'
// development certificate
export {
  createDevelopmentCertificate,
  type DevelopmentCertificateFiles,
  developmentCertificateFiles,
  loadDevelopmentCertificate,
  removeDevelopmentCertificate,
} from './dev-certs/development-certificate.ts'
// diagnostics
export { ExceptionHandlerFeature } from './diagnostics/exception-handler-feature.ts'
export { ExceptionHandlerOptions } from './diagnostics/exception-handler-options.ts'
export type { ProblemDetails } from './diagnostics/problem-details.ts'
export { ProblemDetailsOptions, ProblemDetailsService } from './diagnostics/problem-details-service.ts'
export { type StatusCodeHandler, StatusCodePagesFeature, StatusCodeReExecuteFeature } from './diagnostics/status-code-pages.ts'
// forwarded headers
export { ForwardedHeaders, ForwardedHeadersOptions } from './forwarded-headers/forwarded-headers-options.ts'
// generic host
export { ConsoleLifetime, ConsoleLifetimeOptions } from './generic-host/console-lifetime.ts'
export { Host } from './generic-host/host.ts'
export { HostApplicationBuilder, type HostApplicationBuilderSettings } from './generic-host/host-application-builder.ts'
export { type ConfigureWebHostOptions, HostBuilder } from './generic-host/host-builder.ts'
export type { HostBuilderContext } from './generic-host/host-builder-context.ts'
export { HostLifetime } from './generic-host/host-lifetime.ts'
export { BackgroundServiceExceptionBehavior, HostOptions } from './generic-host/host-options.ts'
export { WebApplication } from './generic-host/web-application.ts'
export { WebApplicationBuilder, type WebApplicationOptions } from './generic-host/web-application-builder.ts'
// host filtering
export { HostFilteringOptions } from './host-filtering/host-filtering-options.ts'
// logging
export { ConsoleFormatter } from './logging/console-formatter.ts'
export { ConsoleLoggerOptions, ConsoleLoggerQueueFullMode } from './logging/console-logger-options.ts'
export { ConsoleLoggerProvider } from './logging/console-logger-provider.ts'
export { JsonConsoleFormatter, JsonConsoleFormatterOptions } from './logging/json-console-formatter.ts'
export { SimpleConsoleFormatter } from './logging/simple-console-formatter.ts'
export { LoggerColorBehavior, SimpleConsoleFormatterOptions } from './logging/simple-console-formatter-options.ts'
export { BindingAddress } from './node-server/binding-address.ts'
export { HttpProtocol, HttpProtocols } from './node-server/http-protocols.ts'
export type { Http2Limits } from './node-server/http2/http2-limits.ts'
export type { ListenOptions } from './node-server/listen-options.ts'
export type { ConnectionAddresses } from './node-server/node-connection.ts'
export { NodeServer } from './node-server/node-server.ts'
export type {
  MinDataRate,
  NodeServerLimits,
  NodeServerOptions,
  ResolvedNodeServerLimits,
  ResolvedNodeServerOptions,
} from './node-server/node-server-options.ts'
export type { HttpsOptions, ServerCertificate } from './node-server/tls/https-options.ts'
export { HttpApplication, Server } from './server/server.ts'
// startup
export type { StartupFactory } from './startup/startup-source.ts'
// web host
export { WebHost } from './web-host/web-host.ts'
export { WebHostBuilder } from './web-host/web-host-builder.ts'
export type { WebHostBuilderContext } from './web-host/web-host-builder-context.ts'
export { WebHostDefaults } from './web-host/web-host-defaults.ts'
