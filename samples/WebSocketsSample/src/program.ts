import { WebHost } from 'windhover'
import { Startup } from './startup.ts'

await WebHost.createDefaultBuilder(process.argv.slice(2)).useStartup(Startup).build().runAsync()
