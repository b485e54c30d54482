import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { ChildProcess } from '../../support/child-process.ts'
import { programPath } from './run-program.ts'

const urls = ['--urls', 'http://127.0.0.1:0']
const environment = { env: { NODE_ENV: 'production' } }

describe('a program that runs a host', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGQUIT'] as const)('ends with exit code 0 at %s', async signal => {
    await using program = new ChildProcess([programPath, 'run', ...urls], environment)
    await program.waitForOutputAsync(/Application started/)
    program.signal(signal)
    const { code, output } = await program.waitForEndAsync()
    expect(code).toBe(0)
    expect(output.trimEnd().split('\n').at(-1)).toBe('Application is shutting down...')
  })

  it('ends in under a second while a browser keeps connections open that it does not use', async () => {
    await using program = new ChildProcess([programPath, 'run', ...urls], environment)
    const [, address] = await program.waitForOutputAsync(/Now listening on: (\S+)/)
    await program.waitForOutputAsync(/Application started/)
    const { hostname, port } = new URL(address!)
    const spare = connect(Number(port), hostname)
    await new Promise(resolve => spare.once('connect', resolve))
    await (await fetch(address!)).text() // leaves its connection alive
    const start = performance.now()
    program.signal('SIGTERM')
    expect((await program.waitForEndAsync()).code).toBe(0)
    expect(performance.now() - start).toBeLessThan(1_000)
    spare.destroy()
  })

  it('lives as long as its host runs, though nothing else keeps it alive', async () => {
    await using program = new ChildProcess([programPath, 'idle'], environment)
    await program.waitForOutputAsync(/beat\nbeat\nbeat\n/)
    program.signal('SIGTERM')
    expect((await program.waitForEndAsync()).code).toBe(0)
  })
})
