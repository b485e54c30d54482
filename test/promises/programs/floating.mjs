// An application that makes every mistake with promises that nobody awaits.
import { WebHost } from 'windhover'

const turn = () => new Promise(setImmediate)

const builder = WebHost.createDefaultBuilder(process.argv.slice(2)).configure(app => {
  app.useWebSockets()
  app.map('/floating', branch => branch.run(context => untilGone(context, socket => void socket.sendAsync('x'))))
  app.map('/derived', branch => branch.run(context => untilGone(context, socket => void socket.sendAsync('x').then(() => {}))))
  app.map('/receiving', branch =>
    branch.run(async context => {
      const socket = await context.webSockets.acceptWebSocketAsync()
      void socket.receiveMessageAsync()
      await new Promise(resolve => context.requestAborted.addEventListener('abort', resolve))
    }),
  )
  app.map('/bug', branch =>
    branch.run(() => {
      void Promise.reject(new Error('a bug of the application'))
    }),
  )
  app.run(({ response }) => response.writeAsync('alive'))
})

/** Calls `use` until the peer is gone, and once more. */
async function untilGone(context, use) {
  const socket = await context.webSockets.acceptWebSocketAsync()
  while (socket.state === 'open' && !context.requestAborted.aborted) {
    use(socket)
    await turn()
  }
  use(socket)
  await turn()
}

await builder.build().runAsync()
