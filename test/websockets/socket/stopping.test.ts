import { expect, it } from 'vitest'
import { AcceptingHost } from '../support/accepting-host.ts'
import { closeFrame, frame } from '../support/peer.ts'

it('a host that stops closes its sockets with 1001, and waits for what their peers answer', async () => {
  await using host = await AcceptingHost.startAsync()
  const { socket, peer, end, ended } = await host.acceptAsync()
  const receiving = socket.receiveMessageAsync()
  const stopping = host.host.stopAsync()
  expect(await peer.seeAsync()).toBe('close:1001:')
  peer.send(frame('text', 'last words'), closeFrame(1001))
  expect(await receiving).toEqual({ type: 'text', data: 'last words' })
  expect(await socket.receiveMessageAsync()).toBeUndefined()
  end()
  await ended
  expect(await peer.endAsync()).toBe('eof')
  await stopping
})

it('a socket whose handler does not end is cut off when the time of the stop is over', async () => {
  await using host = await AcceptingHost.startAsync()
  const { context, peer } = await host.acceptAsync()
  const aborted = new Promise<void>(resolve => context.requestAborted.addEventListener('abort', () => resolve()))
  const stopping = host.host.stopAsync()
  expect(await peer.seeAsync()).toBe('close:1001:')
  await aborted
  await peer.endAsync()
  await stopping
})
