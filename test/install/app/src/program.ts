import { TestServer } from '@windhover/testing'
import { WebHost } from 'windhover'
import { Startup } from './application.js'

const builder = WebHost.createDefaultBuilder([]).configureLogging(logging => logging.clearProviders())
await using server = await TestServer.startAsync(builder.useStartup(Startup))

const page = await server.fetch('/')
console.log(page.headers.get('x-greeting'), (await page.text()).trim())

const socket = await server.connectWebSocketAsync('/ws')
socket.send('echo')
console.log((await socket.receiveMessageAsync())?.data)
socket.close()
await socket.waitForHandlerAsync()
