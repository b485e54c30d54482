import type { ApplicationBuilder } from '@windhover/core'
import type { WebSocketOptions } from '@windhover/websockets'
import { useRequestTimeouts } from './request-timeout.ts'
import { runScriptAsync } from './script.ts'

interface MiddlewareSettings {
  readonly use: 'webSockets' | 'exceptionHandler' | 'requestTimeout'
  readonly keepAliveInterval?: number
  readonly keepAliveTimeout?: number
  readonly allowedOrigins?: string[]
}

/** The middleware of one branch. */
export type Site = readonly MiddlewareSettings[]

/**
 * The recordings wait for ever for the close frame of a peer. The scenarios in which none comes shall be over before their client gives up, after 5 s; others need as long as a busy machine takes to read
 * 48 MiB before it answers.
 */
const closeTimeout = 2500

/** Builds one branch, `/site/NAME`, for every entry of sites.json. */
export function mapSites(app: ApplicationBuilder, sites: Record<string, Site>): void {
  for (const [name, middlewares] of Object.entries(sites)) {
    app.map(`/site/${name}`, branch => {
      for (const settings of middlewares) use(branch, settings)
      branch.run(runScriptAsync)
    })
  }
}

function use(branch: ApplicationBuilder, settings: MiddlewareSettings): void {
  if (settings.use === 'webSockets') branch.useWebSockets(optionsOf(settings))
  else if (settings.use === 'exceptionHandler')
    branch.useExceptionHandler(handler => handler.run(context => context.response.writeAsync('handled')))
  else if (settings.use === 'requestTimeout') useRequestTimeouts(branch, 200)
  else throw new Error(`unknown middleware: ${JSON.stringify(settings)}`)
}

function optionsOf({ keepAliveInterval, keepAliveTimeout, allowedOrigins }: MiddlewareSettings): Partial<WebSocketOptions> {
  return {
    closeTimeout,
    // What ASP.NET Core has by default, so that the recordings can be compared: no detection of dead peers.
    keepAliveTimeout: keepAliveTimeout ?? 0,
    ...(keepAliveInterval === undefined ? {} : { keepAliveInterval }),
    ...(allowedOrigins === undefined ? {} : { allowedOrigins }),
  }
}
