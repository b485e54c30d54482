import { describe, expect, it } from 'vitest'
import { runProgram } from './run-program.ts'

describe('a promise that is rejected and that nobody awaits, while a host runs', () => {
  it('is a warning when a WebSocket has died, and the process lives', async () => {
    const { code, stdout, stderr } = await runProgram('socket-death')
    expect(stdout).toMatch(
      /warn: Windhover\.Hosting\.Host\[0\]\n {6}A promise was rejected because its WebSocket has ended, and nobody awaited it\./,
    )
    expect(stdout).toContain('alive')
    expect(stderr).toBe('')
    expect(code).toBe(0)
  })

  it('is logged as Critical otherwise, and ends the process as Node does', async () => {
    const { code, stdout, stderr } = await runProgram('other-rejection')
    expect(stdout).toMatch(/crit: Windhover\.Hosting\.Host\[0\]\n {6}A promise was rejected, and nobody awaited it\.\n {6}TypeError: boom/)
    expect(stdout).not.toContain('alive')
    expect(stderr).toContain('TypeError: boom')
    expect(code).toBe(1)
  })

  it('is told also when the reason is no error', async () => {
    const { code, stdout, stderr } = await runProgram('rejected-text')
    expect(stdout).toContain('A promise was rejected with just a text, which is no error.')
    expect(stderr).toContain('just a text')
    expect(code).toBe(1)
  })

  it('does not end the process when Node was told so', async () => {
    const { code, stdout, stderr } = await runProgram('other-rejection', [], ['--unhandled-rejections=warn'])
    expect(stdout).toContain('alive')
    expect(stderr).toContain('UnhandledPromiseRejectionWarning')
    expect(code).toBe(0)
  })

  it('is no longer the affair of a host that has stopped', async () => {
    const { stdout } = await runProgram('rejection-after-stop', ['--urls', 'http://127.0.0.1:0'])
    expect(stdout).toContain('listeners 0')
  })
})
