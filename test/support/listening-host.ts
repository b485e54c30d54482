import { type ApplicationBuilder, ServerAddressesFeature } from '@windhover/core'
import { type NodeServerOptions, type WebHost, WebHostBuilder } from '@windhover/hosting'

/** An application on a real port of the loopback interface, for tests whose subject is TCP. */
export interface ListeningHost extends AsyncDisposable {
  readonly host: WebHost
  readonly port: number
  readonly url: string
}

export async function startListening(
  configure: (app: ApplicationBuilder) => void,
  options: NodeServerOptions = {},
): Promise<ListeningHost> {
  const host = new WebHostBuilder()
    .useNodeServer(options)
    .useUrls('http://127.0.0.1:0')
    .suppressStatusMessages()
    .configure(app => configure(app))
    .build()
  await host.startAsync()
  const [url] = host.serverFeatures.getRequired(ServerAddressesFeature).addresses
  return { host, url: url!, port: Number(new URL(url!).port), [Symbol.asyncDispose]: () => host[Symbol.asyncDispose]() }
}
