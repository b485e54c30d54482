import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProgram } from './run-program.ts'

let occupant: Server
let occupied: string

beforeAll(async () => {
  occupant = createServer()
  await new Promise<void>(resolve => occupant.listen(0, '127.0.0.1', resolve))
  occupied = `http://127.0.0.1:${(occupant.address() as AddressInfo).port}`
})

afterAll(() => void occupant.close())

const freePort = ['--urls', 'http://127.0.0.1:0']

describe('a program whose host cannot start', () => {
  it.each([
    [
      'run',
      'a port in use',
      () => ['--urls', occupied],
      () => `IOException: The address ${occupied} is already in use. Stop the other process, or choose another port.`,
    ],
    [
      'generic',
      'a port in use',
      () => ['--urls', occupied],
      () => `IOException: The address ${occupied} is already in use. Stop the other process, or choose another port.`,
    ],
    [
      'application',
      'a port in use',
      () => ['--urls', occupied],
      () => `IOException: The address ${occupied} is already in use. Stop the other process, or choose another port.`,
    ],
    [
      'floating',
      'a port in use',
      () => ['--urls', occupied],
      () => `IOException: The address ${occupied} is already in use. Stop the other process, or choose another port.`,
    ],
    [
      'run',
      'a bad URL',
      () => ['--urls', 'nonsense'],
      () =>
        'FormatException: The address "nonsense" has no scheme or no host. Write it like http://localhost:5000, http://*:80 or http://unix:/run/app.sock.',
    ],
    [
      'no-configure',
      'no configure method',
      () => freePort,
      () =>
        'InvalidOperationException: The class "Startup" has neither a method configureProduction nor configure; add configure(app). A private #configure is not seen.',
    ],
    ['configure-throws-text', 'a configure that throws what is no error', () => freePort, () => 'a text'],
    [
      'unfit-middleware',
      'a middleware class that does not fit',
      () => freePort,
      () =>
        'InvalidOperationException: The constructor of "Unfit" takes 2 parameters, but nothing says which services they are. Add "static inject = [...] as const" to the class, or @injectable() with emitDecoratorMetadata (which esbuild, tsx and Node\'s type stripping do not emit).',
    ],
  ])('(%s, %s) ends with exit code 1 and one line on standard error', async (scenario, _, args, expected) => {
    const { code, stderr } = await runProgram(scenario, args())
    expect(stderr).toBe(`Unhandled exception. ${expected()}\n`)
    expect(code).toBe(1)
  })

  it.each([
    ['configure-throws', ['at fail', 'at Startup.configure']],
    ['async-configure-throws', ['at fail', 'at AsyncStartup.configure']],
    ['service-throws', ['at Object.fail [as startAsync]']],
  ])('(%s) shows the part of the stack that is the application’s own', async (scenario, expected) => {
    const { code, stderr } = await runProgram(scenario, freePort)
    const [message, ...frames] = stderr.trimEnd().split('\n')
    expect(message).toBe('Unhandled exception. TypeError: boom')
    expect(
      frames.map(frame =>
        frame
          .trim()
          .replace(/ \(.*program\.mjs:\d+:\d+\)$/, '')
          .replace('async ', ''),
      ),
    ).toEqual(expected)
    expect(code).toBe(1)
  })

  it('says nothing when the program catches the error', async () => {
    expect(await runProgram('caught', ['--urls', 'nonsense'])).toEqual({
      code: 0,
      stdout: 'caught WINDHOVER_ERR_ADDRESS_MALFORMED\n',
      stderr: '',
    })
  })

  it('leaves the error to a listener that the program has installed', async () => {
    const { stdout, stderr } = await runProgram('own-listener', ['--urls', 'nonsense'])
    expect(stdout).toContain('listener WINDHOVER_ERR_ADDRESS_MALFORMED')
    expect(stderr).toBe('')
  })
})
