import {
  ApplicationBuilder,
  type Configuration,
  type Constructor,
  HostedService,
  HttpContextAccessor,
  type InjectCheck,
  LoggingBuilder,
  type OptionsClass,
  ServiceCollection,
  ServiceDescriptor,
  type ServiceProvider,
} from '@windhover/core'
import { developerExceptionPageComponent } from './diagnostics/developer-exception-page.ts'
import { type ExceptionHandlerArgument, exceptionHandlerComponent } from './diagnostics/exception-handler.ts'
import type { ExceptionHandlerOptions } from './diagnostics/exception-handler-options.ts'
import { DefaultProblemDetailsService, ProblemDetailsOptions, ProblemDetailsService } from './diagnostics/problem-details-service.ts'
import {
  defaultPage,
  formattedPage,
  redirectToPage,
  reExecutePage,
  type StatusCodeHandler,
  statusCodePagesComponent,
} from './diagnostics/status-code-pages.ts'
import { hostingErrors } from './errors/hosting-errors.ts'
import { forwardedHeadersComponent } from './forwarded-headers/forwarded-headers.ts'
import type { ForwardedHeadersOptions } from './forwarded-headers/forwarded-headers-options.ts'
import { hostFilteringComponent } from './host-filtering/host-filtering.ts'
import { HostFilteringOptions } from './host-filtering/host-filtering-options.ts'
import { HttpContextStorage } from './http-context-accessor/http-context-storage.ts'
import { addConsole as addConsoleServices, addConsoleFormatter as addFormatter, useFormatter } from './logging/add-console.ts'
import type { ConsoleFormatter } from './logging/console-formatter.ts'
import { ConsoleLoggerOptions } from './logging/console-logger-options.ts'
import { JsonConsoleFormatterOptions } from './logging/json-console-formatter.ts'
import { addLoggingConfiguration } from './logging/logging-configuration.ts'
import { SimpleConsoleFormatterOptions } from './logging/simple-console-formatter-options.ts'
import { isClass } from './startup/is-class.ts'

declare module '@windhover/core' {
  interface ApplicationBuilder {
    /** Shows the error of a failed request with its stack: as HTML to a browser, as text to others. For development only. Rethrows once the response has started. */
    useDeveloperExceptionPage(): this

    /**
     * Answers failed requests: by running the rest of the pipeline again with another path, by a branch, or by a handler. Without an argument the options come from the services, else the error
     * is told as problem details. Rethrows once the response has started.
     *
     * Raises an argument error for a path without a leading slash, an invalid-operation error at build when nothing says how to answer.
     */
    useExceptionHandler(argument?: string | ((branch: ApplicationBuilder) => void) | ExceptionHandlerOptions): this

    /** Gives empty responses of status 400 to 599 a body: a line of text, or what `handler` writes. */
    useStatusCodePages(handler?: StatusCodeHandler): this
    /** The same with a body of one's own, in which `{0}` stands for the status. */
    useStatusCodePages(contentType: string, bodyFormat: string): this
    /** Answers such responses with 302 to a location, in which `{0}` stands for the status and a leading `~` for the path base. */
    useStatusCodePagesWithRedirects(locationFormat: string): this
    /** Runs the rest of the pipeline again for such responses, with another path and query. The status stays. */
    useStatusCodePagesWithReExecute(pathFormat: string, queryFormat?: string): this

    /**
     * Takes over what a known proxy says of the client's request: its address, scheme, host and path base. It belongs in front of everything that reads these, so of `useWebSockets` as well. Without
     * options those of the services hold. Does nothing until `forwardedHeaders` names headers; entries of unknown proxies are left alone. Raises an argument error for a bad address, network
     * or limit. (ASP.NET Core: UseForwardedHeaders)
     */
    useForwardedHeaders(options?: Partial<ForwardedHeadersOptions>): this

    /** Answers 400 to requests whose `Host` is not one of `HostFilteringOptions.allowedHosts`. A default host adds it by itself. */
    useHostFiltering(): this
  }

  interface LoggingBuilder {
    /**
     * Takes filters from `LogLevel` (all providers) and `<alias>:LogLevel` (one provider) of a section, usually `Logging`, and lets providers take their options from
     * `<alias>`. Follows its changes. A level that is none raises an invalid-operation error at the first logger. (.NET: AddConfiguration)
     */
    addConfiguration(section: Configuration): this

    /** Writes entries to the console; options in the configuration: `Logging:Console`. (.NET: AddConsole) */
    addConsole(configure?: (options: ConsoleLoggerOptions) => void): this
    /** The same in ASP.NET Core's usual form; options in the configuration: `Logging:Console:FormatterOptions`. (.NET: AddSimpleConsole) */
    addSimpleConsole(configure?: (options: SimpleConsoleFormatterOptions) => void): this
    /** The same with a JSON object on one line for each entry. (.NET: AddJsonConsole) */
    addJsonConsole(configure?: (options: JsonConsoleFormatterOptions) => void): this
    /** Adds a form of your own, which `ConsoleLoggerOptions.formatterName` chooses. (.NET: AddConsoleFormatter) */
    addConsoleFormatter<T extends object>(
      type: Constructor<ConsoleFormatter>,
      optionsType?: OptionsClass<T>,
      configure?: (options: T) => void,
    ): this
  }

  interface ServiceCollection {
    /**
     * Adds a service that starts and stops with the host: a class, which is added once, or a function that makes it. Raises an argument error for anything else; an
     * object without `startAsync` or `stopAsync` makes the start of the host fail. (.NET: AddHostedService)
     */
    addHostedService<C extends Constructor<HostedService>>(type: C & InjectCheck<C>): this
    addHostedService(factory: (provider: ServiceProvider) => HostedService): this
    /** Makes `HttpContextAccessor` available, at some cost for every asynchronous operation of the process. (ASP.NET Core: AddHttpContextAccessor) */
    addHttpContextAccessor(): this
    /** Lets error pages answer with `application/problem+json` (RFC 9457). */
    addProblemDetails(configure?: (options: ProblemDetailsOptions) => void): this
    /** Sets which hosts are answered; beside it `app.useHostFiltering()` is needed, unless the host is a default one. */
    addHostFiltering(configure: (options: HostFilteringOptions) => void): this
  }
}

ApplicationBuilder.prototype.useDeveloperExceptionPage = function useDeveloperExceptionPage(this: ApplicationBuilder) {
  return this.useComponent(developerExceptionPageComponent(this))
}

ApplicationBuilder.prototype.useExceptionHandler = function useExceptionHandler(
  this: ApplicationBuilder,
  argument?: ExceptionHandlerArgument,
) {
  return this.useComponent(exceptionHandlerComponent(this, argument))
}

ApplicationBuilder.prototype.useStatusCodePages = function useStatusCodePages(
  this: ApplicationBuilder,
  argument?: StatusCodeHandler | string,
  bodyFormat?: unknown,
) {
  const handler = typeof argument === 'string' ? formattedPage(argument, String(bodyFormat)) : (argument ?? defaultPage(this))
  return this.useComponent(statusCodePagesComponent(handler))
}

ApplicationBuilder.prototype.useStatusCodePagesWithRedirects = function useStatusCodePagesWithRedirects(
  this: ApplicationBuilder,
  locationFormat,
) {
  return this.useComponent(statusCodePagesComponent(redirectToPage(locationFormat)))
}

ApplicationBuilder.prototype.useStatusCodePagesWithReExecute = function useStatusCodePagesWithReExecute(
  this: ApplicationBuilder,
  pathFormat,
  queryFormat,
) {
  return this.useComponent(statusCodePagesComponent(reExecutePage(pathFormat, queryFormat)))
}

ApplicationBuilder.prototype.useForwardedHeaders = function useForwardedHeaders(this: ApplicationBuilder, options) {
  return this.useComponent(forwardedHeadersComponent(this, options))
}

ApplicationBuilder.prototype.useHostFiltering = function useHostFiltering(this: ApplicationBuilder) {
  return this.useComponent(hostFilteringComponent(this))
}

ServiceCollection.prototype.addHostedService = function addHostedService(
  this: ServiceCollection,
  type: Constructor<HostedService> | ((provider: ServiceProvider) => HostedService),
) {
  if (typeof type !== 'function') throw hostingErrors.hostedServiceNotAFunction(type)
  if (!isClass(type)) return this.addSingleton(HostedService, { useFactory: type })
  return this.tryAddEnumerable(ServiceDescriptor.singleton(HostedService, { useClass: type }))
}

ServiceCollection.prototype.addHttpContextAccessor = function addHttpContextAccessor(this: ServiceCollection) {
  return this.tryAddSingleton(HttpContextStorage).tryAddSingleton(HttpContextAccessor, {
    useFactory: provider => provider.getRequiredService(HttpContextStorage),
  })
}

ServiceCollection.prototype.addProblemDetails = function addProblemDetails(this: ServiceCollection, configure) {
  this.tryAddSingleton(ProblemDetailsService, { useClass: DefaultProblemDetailsService })
  return configure === undefined ? this.addOptions() : this.configure(ProblemDetailsOptions, configure)
}

ServiceCollection.prototype.addHostFiltering = function addHostFiltering(this: ServiceCollection, configure) {
  return this.configure(HostFilteringOptions, configure)
}

LoggingBuilder.prototype.addConfiguration = function addConfiguration(this: LoggingBuilder, section) {
  addLoggingConfiguration(this.services, section)
  return this
}

LoggingBuilder.prototype.addConsole = function addConsole(this: LoggingBuilder, configure) {
  addConsoleServices(this)
  if (configure !== undefined) this.services.configure(ConsoleLoggerOptions, configure)
  return this
}

LoggingBuilder.prototype.addSimpleConsole = function addSimpleConsole(this: LoggingBuilder, configure) {
  useFormatter(this.addConsole(), 'simple')
  if (configure !== undefined) this.services.configure(SimpleConsoleFormatterOptions, configure)
  return this
}

LoggingBuilder.prototype.addJsonConsole = function addJsonConsole(this: LoggingBuilder, configure) {
  useFormatter(this.addConsole(), 'json')
  if (configure !== undefined) this.services.configure(JsonConsoleFormatterOptions, configure)
  return this
}

LoggingBuilder.prototype.addConsoleFormatter = function addConsoleFormatter(this: LoggingBuilder, type, optionsType, configure) {
  addFormatter(this.addConsole(), type, optionsType)
  if (optionsType !== undefined && configure !== undefined) this.services.configure(optionsType, configure)
  return this
}
