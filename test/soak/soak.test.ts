import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ChildProcess } from '../support/child-process.ts'

const program = fileURLToPath(new URL('run.mjs', import.meta.url))
const short = ['--minutes', '0.1', '--sockets', '100', '--churn', '400', '--echoes', '400']

describe('the soak', () => {
  it('finds no growth in a short run', async () => {
    await using soak = new ChildProcess([program, ...short])
    const { code, output } = await soak.waitForEndAsync()
    expect(output).toMatch(/No growth\.\n$/)
    expect(code).toBe(0)
  }, 60_000)

  it('fails in the same run when the server keeps 4 KiB of every socket that has ended', async () => {
    await using soak = new ChildProcess([program, ...short, '--leak'])
    const { code, output } = await soak.waitForEndAsync()
    expect(output).toMatch(/FAILED: held: .* growth/)
    expect(output).toMatch(/FAILED: When everyone has left, something stays/)
    expect(code).toBe(1)
  }, 60_000)
})
