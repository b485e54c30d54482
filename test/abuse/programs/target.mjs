// The server under attack, in a process of its own: its memory and its event loop are nobody else's.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { WebHost } from 'windhover'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc')

/** Milliseconds of work in the longest turn of the event loop. Time of the processor is counted: the rest of the machine may be as busy as it likes. */
let longestTurn = 0
let isWatching = false
let turnBegan = 0

function watchTurns() {
  const { user, system } = process.cpuUsage()
  const now = (user + system) / 1_000
  longestTurn = Math.max(longestTurn, now - turnBegan)
  turnBegan = now
  if (isWatching) setImmediate(watchTurns)
}

const options = JSON.parse(process.env.WEBSOCKETS ?? '{}')
const compression = { dangerousEnableCompression: true }

/** What the process holds now, and the worst since the last call. `isWatched`: turns are measured from now on. */
async function statistics(isWatched) {
  isWatching = false
  // The connection that asks may not have seen the end of an earlier one.
  for (let i = 0; i < 3; i++) await new Promise(setImmediate)
  collectGarbage()
  const { heapUsed, external, rss } = process.memoryUsage()
  const worst = { peak: process.resourceUsage().maxRSS * 1024, longestTurn }
  isWatching = isWatched
  if (isWatching) {
    watchTurns()
    longestTurn = 0
  }
  return { held: heapUsed + external, rss, handles: process.getActiveResourcesInfo().filter(name => name !== 'Immediate').length, ...worst }
}

function work(microseconds) {
  const end = performance.now() + microseconds / 1_000
  while (performance.now() < end);
}

/** So many bytes of every echo that has ended are kept, so that a run which looks for leaks can prove that it finds one. */
const leak = Number(process.env.LEAK ?? 0)
const leaked = []

const handlers = {
  '/echo': async socket => {
    for await (const message of socket) await socket.sendAsync(message.data, message.type)
    if (leak > 0) leaked.push(new Uint8Array(leak))
  },
  '/frames': async socket => {
    const buffer = new Uint8Array(4 * 1024)
    let result = await socket.receiveAsync(buffer)
    while (result.closeStatus === undefined) result = await socket.receiveAsync(buffer)
    await socket.closeAsync(result.closeStatus, result.closeStatusDescription)
  },
  '/work': async socket => {
    for await (const _ of socket) work(20)
  },
  '/size': async socket => {
    for await (const { data } of socket) await socket.sendAsync(String(data.length))
  },
  '/deaf': (_, context) => new Promise(resolve => context.requestAborted.addEventListener('abort', resolve)),
  '/two-loops': async socket => {
    // The mistake: nobody awaits it.
    async function tick() {
      for (;;) {
        await socket.sendAsync('tick')
        await new Promise(setImmediate)
      }
    }
    void tick()
    for await (const _ of socket);
  },
  '/talk': async socket => {
    const data = new Uint8Array(32 * 1024)
    for (;;) await socket.sendAsync(data)
  },
}

const builder = WebHost.createDefaultBuilder(process.argv.slice(2)).configure(app => {
  app.use(async (context, next) => {
    const { path } = context.request
    if (path === '/') await context.response.writeAsync('alive')
    else if (path === '/statistics') await context.response.writeAsJsonAsync(await statistics(context.request.query.has('watch')))
    else if (path === '/ignore') await context.response.writeAsync('ignored')
    else if (path === '/read') await context.response.writeAsync(String((await context.request.readAsTextAsync()).length))
    else if (path === '/wait') await new Promise(resolve => setTimeout(resolve, 1_000))
    else await next()
  })
  app.useWebSockets(options)
  app.run(async context => {
    const handler = handlers[context.request.path]
    if (!context.webSockets.isWebSocketRequest || handler === undefined) {
      context.response.statusCode = 400
      return
    }
    await handler(await context.webSockets.acceptWebSocketAsync(compression), context)
  })
})

await builder.build().runAsync()
