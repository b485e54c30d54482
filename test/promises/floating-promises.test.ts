import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ChildProcess } from '../support/child-process.ts'
import { handshakeBytes } from '../support/raw-handshake.ts'

const program = new URL('programs/floating.mjs', import.meta.url).pathname

describe('6. a promise that nobody awaits', () => {
  let server: ChildProcess
  let port: number

  beforeEach(async () => {
    server = new ChildProcess([program, '--urls', 'http://127.0.0.1:0'])
    const [, found] = await server.waitForOutputAsync(/Now listening on: http:\/\/127\.0\.0\.1:(\d+)/)
    port = Number(found)
  })

  afterEach(() => server[Symbol.asyncDispose]())

  async function openAsync(path: string): Promise<Socket> {
    const socket = connect(port, '127.0.0.1')
    socket.write(handshakeBytes({ path }))
    const [head] = await once(socket, 'data')
    expect(String(head)).toMatch(/^HTTP\/1\.1 101 /)
    return socket.on('error', () => {})
  }

  async function expectAlive(): Promise<void> {
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('alive')
  }

  it.each([
    { name: 'a send', path: '/floating' },
    { name: 'a receive', path: '/receiving' },
  ])('cannot end the process when it is $name of a socket whose peer vanishes', async ({ path }) => {
    for (let i = 0; i < 5; i++) (await openAsync(path)).resetAndDestroy()
    await expectAlive()
    server.signal('SIGINT')
    const end = await server.waitForEndAsync()
    expect(end.code).toBe(0)
    expect(end.output).not.toMatch(/crit:|warn:/)
  })

  it('is a warning when it was derived from a send, and the process lives', async () => {
    ;(await openAsync('/derived')).resetAndDestroy()
    await server.waitForOutputAsync(/warn: .*\n\s+A promise was rejected because its WebSocket has ended/)
    await expectAlive()
  })

  it('ends the process, logged as critical first, when it is anything else', async () => {
    fetch(`http://127.0.0.1:${port}/bug`).catch(() => {})
    const end = await server.waitForEndAsync()
    expect(end.code).toBe(1)
    expect(end.output).toMatch(/crit: .*\n\s+A promise was rejected, and nobody awaited it\..*a bug of the application/s)
  })
})
