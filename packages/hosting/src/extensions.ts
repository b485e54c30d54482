import { ApplicationBuilder, ServiceCollection } from '@windhover/core'
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
import { hostFilteringComponent } from './host-filtering/host-filtering.ts'
import { HostFilteringOptions } from './host-filtering/host-filtering-options.ts'

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

    /** Answers 400 to requests whose `Host` is not one of `HostFilteringOptions.allowedHosts`. A default host adds it by itself. */
    useHostFiltering(): this
  }

  interface ServiceCollection {
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

ApplicationBuilder.prototype.useHostFiltering = function useHostFiltering(this: ApplicationBuilder) {
  return this.useComponent(hostFilteringComponent(this))
}

ServiceCollection.prototype.addProblemDetails = function addProblemDetails(this: ServiceCollection, configure) {
  this.tryAddSingleton(ProblemDetailsService, { useClass: DefaultProblemDetailsService })
  return configure === undefined ? this.addOptions() : this.configure(ProblemDetailsOptions, configure)
}

ServiceCollection.prototype.addHostFiltering = function addHostFiltering(this: ServiceCollection, configure) {
  return this.configure(HostFilteringOptions, configure)
}
