import { isIP } from 'node:net'
import { type ApplicationBuilder, HostString, type MiddlewareComponent, Options } from '@windhover/core'
import { loggerOf } from '../diagnostics/exception-handler.ts'
import { hostingErrors } from '../errors/hosting-errors.ts'
import { HostFilteringOptions } from './host-filtering-options.ts'

const refusal = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Bad Request</title></head>
<body><h2>Bad Request - Invalid Hostname</h2>
<hr><p>HTTP Error 400. The request hostname is invalid.</p>
`

/** Answers 400 to requests for other hosts than the allowed ones. (ASP.NET Core: UseHostFiltering) */
export function hostFilteringComponent(app: ApplicationBuilder): MiddlewareComponent {
  const logger = loggerOf(app, 'Windhover.HostFiltering.HostFilteringMiddleware')
  const options = app.applicationServices.getRequiredService(Options.of(HostFilteringOptions)).value
  const { allowedHosts, allowIpAddresses, allowEmptyHosts, includeFailureMessage, failureHint } = {
    ...options,
    allowedHosts: Object.freeze(options.allowedHosts.map(host => new HostString(host).toUriComponent())),
  }
  const allowsEverything = allowedHosts.some(host => host === '*' || host === '[::]' || host === '0.0.0.0')
  const body = `${refusal}${failureHint === undefined ? '' : `<p>${failureHint}</p>\n`}</body></html>\n`

  return next =>
    function hostFilteringMiddleware(context) {
      if (allowedHosts.length === 0) throw hostingErrors.noAllowedHosts()
      if (allowsEverything && allowEmptyHosts) return next(context)
      const value = context.request.headers.get('host') ?? ''
      if (value === '' ? allowEmptyHosts : allowsEverything || isAllowed(new HostString(value))) return next(context)

      logger.logInformation('The host "{Host}" does not match an allowed host.', value)
      context.response.statusCode = 400
      if (!includeFailureMessage) return
      context.response.contentType = 'text/html'
      context.response.contentLength = Buffer.byteLength(body)
      return context.response.writeAsync(body)
    }

  function isAllowed(host: HostString): boolean {
    if (allowIpAddresses && isIP(host.host.replace(/^\[(.*)\]$/, '$1')) !== 0) return true
    return HostString.matchesAny(host.host, allowedHosts)
  }
}
