import { LogLevel } from '@windhover/core'
import { HttpProtocols, WebHost } from '@windhover/hosting'
import '@windhover/websockets'
import { RunLoggerProvider } from './run-logger-provider.ts'
import { Runs } from './runs.ts'
import { ScopeProbe } from './scope-probe.ts'
import { parseSettings } from './server-settings.ts'
import { mapSites } from './sites.ts'

/** How long a stopped server waits for its last requests before it prints what happened to them, in milliseconds. */
const grace = 2000

export async function runServerAsync(args: readonly string[]): Promise<void> {
  const { port, http2Port, sites, maxUpgradedConnections, shutdownTimeout } = parseSettings(args)
  const runs = new Runs()
  const builder = WebHost.createDefaultBuilder()
    .suppressStatusMessages()
    .configureLogging(logging => logging.clearProviders().addProvider(new RunLoggerProvider()).setMinimumLevel(LogLevel.Debug))
    .configureServices(services => services.addScoped(ScopeProbe))
    .useNodeServer({
      listen: [`http://127.0.0.1:${port}`, { url: `http://127.0.0.1:${http2Port}`, protocols: HttpProtocols.Http2 }],
      // Kestrel's way, so that bodies look the same.
      alwaysChunk: true,
      limits: { maxConcurrentUpgradedConnections: maxUpgradedConnections ?? null },
    })
    .configure(app => {
      app.map('/runs', branch => runs.mapControl(branch))
      app.use((context, next) => runs.recordAsync(context, next))
      mapSites(app, sites)
    })
  if (shutdownTimeout !== undefined) builder.useShutdownTimeout(shutdownTimeout)
  await builder.build().runAsync()

  // A stopped server cannot be asked for outcomes any more, so they are printed.
  await runs.printAsync(grace)
}
