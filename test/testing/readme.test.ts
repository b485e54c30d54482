// The code of packages/testing/README.md: each region stands there word for word.
import { HandshakeRejectedException, TestServer } from '@windhover/testing'
import { expect, it } from 'vitest'
import { Greeter, Startup } from '../../docs/examples/greeter.ts'

// #region example
class RudeGreeter extends Greeter {
  override greet(name: string): string {
    return `${name}? Never heard of you.`
  }
}

it('greets over HTTP and over a WebSocket', async () => {
  await using server = await TestServer.startAsync(Startup, {
    configureTestServices: services => services.addSingleton(Greeter, { useClass: RudeGreeter }),
  })

  const response = await server.fetch('/greet?name=Ada')
  expect(response.status).toBe(200)
  expect(await response.text()).toBe('Ada? Never heard of you.')

  const socket = await server.connectWebSocketAsync('/ws', { origin: 'http://localhost' })
  socket.send('Grace')
  expect(await socket.receiveMessageAsync()).toEqual({ type: 'text', data: 'Grace? Never heard of you.' })
  socket.close()
  await socket.waitForHandlerAsync()
})
// #endregion

// #region failures
it('lets no page of another site in', async () => {
  await using server = await TestServer.startAsync(Startup)
  const error = await server.connectWebSocketAsync('/ws', { origin: 'https://evil.example' }).catch(reason => reason)
  expect(error).toBeInstanceOf(HandshakeRejectedException)
  expect(error.status).toBe(403)
})

it('cannot greet nobody', async () => {
  await using server = await TestServer.startAsync(Startup)
  await expect(server.fetch('/greet')).rejects.toThrow('Whom shall I greet?')
  expect(server.logs.at(-1)?.message).toContain('500')
})
// #endregion

// #region context
it('greets the user of the request', async () => {
  await using server = await TestServer.startAsync(Startup)
  const context = await server.sendAsync(({ request }) => {
    request.path = '/greet'
    request.queryString = '?name=Ada'
  })
  expect(context.response.contentType).toBe('text/plain; charset=utf-8')
})
// #endregion
