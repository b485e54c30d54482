// The sample as it is: its own Startup, its own /ws.
import { fileURLToPath } from 'node:url'
import { ServerAddressesFeature, WebHost } from 'windhover'
import { Startup } from '../../../samples/WebSocketsSample/dist/startup.js'
import { ready } from './contract.mjs'

const contentRoot = fileURLToPath(new URL('../../../samples/WebSocketsSample', import.meta.url))
const host = WebHost.createDefaultBuilder(['--urls', 'http://127.0.0.1:0', '--contentRoot', contentRoot])
  .suppressStatusMessages()
  .useStartup(Startup)
  .build()
await host.startAsync()
ready(Number(new URL(host.serverFeatures.get(ServerAddressesFeature).addresses[0]).port))
