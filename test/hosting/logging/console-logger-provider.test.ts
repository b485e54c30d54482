import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

type LoggingProcess = ChildProcessByStdio<null, Readable, Readable>

/**
 * Runs a program that has a `logger`, whose console logger has these options; `refuse(n)`: the console takes nothing the next n times;
 * `writes`, the sizes of what was written; and `tell`, which writes a line to standard error.
 */
function run(program: string, options = '{}'): LoggingProcess {
  const code = `
    import fs from 'node:fs'
    import { syncBuiltinESMExports } from 'node:module'
    const { writeSync } = fs
    let refusals = 0
    const writes = []
    fs.writeSync = (descriptor, bytes) => {
      if (refusals-- > 0) throw Object.assign(new Error('busy'), { code: 'EAGAIN' })
      writes.push(bytes.length)
      return writeSync(descriptor, bytes)
    }
    syncBuiltinESMExports()
    const refuse = count => { refusals = count }
    const tell = line => writeSync(2, line + '\\n')
    const { LoggerFactory, LogLevel } = await import('@windhover/core')
    await import('@windhover/hosting')
    const factory = LoggerFactory.create(logging => logging.addConsole(options => Object.assign(options, ${options})))
    const logger = factory.createLogger('A')
    ${program}`
  const cwd = fileURLToPath(new URL('../../../packages/hosting/', import.meta.url))
  return spawn(process.execPath, ['--input-type=module', '--eval', code], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
}

async function endOf(child: LoggingProcess) {
  const [output, error, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { output, error, code }
}

const entry = (message: string, word = 'info') => `${word}: A[0]\n      ${message}\n`

describe('the console logger', () => {
  it('writes what one turn of the event loop logs with one call', async () => {
    const { output, error } = await endOf(
      run(`for (let i = 0; i < 100; i++) logger.logInformation('line {I}', i)
           setImmediate(() => { logger.logInformation('next'); setImmediate(() => tell(String(writes.length))) })`),
    )
    expect(output.split('\n')).toHaveLength(203)
    expect(error).toBe('2\n')
  })

  it('writes a critical entry at once', async () => {
    const { output, error } = await endOf(
      run(`logger.logInformation('before'); logger.logCritical('now'); tell(String(writes.length)); process.kill(process.pid, 'SIGKILL')`),
    )
    expect(output).toBe(entry('before') + entry('now', 'crit'))
    expect(error).toBe('1\n')
  })

  it('writes what it can of a turn that logs more than fits in memory', async () => {
    const { error } = await endOf(
      run(`for (let i = 0; i < 2000; i++) logger.logInformation('x'.repeat(100)); tell(String(writes.length > 1))`),
    )
    expect(error).toBe('true\n')
  })

  it.each([
    ['at the end of the program', '', 0],
    ['on process.exit', 'process.exit(7)', 7],
    ['after an uncaught error', "throw new Error('crash')", 1],
    ['after an unhandled rejection', "Promise.reject(new Error('crash'))", 1],
  ])('loses no entry %s, even when the pipe is full and read late', async (_name, program, expected) => {
    const child = run(
      `for (let i = 0; i < 20_000; i++) logger.logInformation('line {I}', i); tell('logged'); ${program}`,
      '{ maxQueueLength: 100_000 }',
    )
    await once(child.stderr, 'data')
    const { output, code } = await endOf(child)
    expect(code).toBe(expected)
    expect(output.split('\n').filter(line => line.startsWith('      line '))).toHaveLength(20_000)
    expect(output.endsWith(entry('line 19999'))).toBe(true)
  })

  it('goes on when a full pipe takes entries again', async () => {
    const { output, code } = await endOf(
      run(`refuse(3); for (let i = 0; i < 3; i++) logger.logInformation('line {I}', i)
           const timer = setInterval(() => { if (writes.length > 0) clearInterval(timer) }, 1)`),
    )
    expect(output).toBe(entry('line 0') + entry('line 1') + entry('line 2'))
    expect(code).toBe(0)
  })

  it('waits when too many entries wait', async () => {
    const { output, error } = await endOf(
      run(
        `refuse(4); for (let i = 0; i < 11; i++) logger.logInformation('line {I}', i); tell(String(writes.length))`,
        '{ maxQueueLength: 10 }',
      ),
    )
    expect(output.match(/line/g)).toHaveLength(11)
    expect(error).toBe('1\n')
  })

  it('drops entries when told so, and says how many', async () => {
    const { output } = await endOf(
      run(
        `refuse(5); for (let i = 0; i < 12; i++) logger.logInformation('line {I}', i); factory[Symbol.dispose]()`,
        "{ maxQueueLength: 10, queueFullMode: 'drop-write' }",
      ),
    )
    expect(output.match(/line/g)).toHaveLength(10)
    expect(output).toMatch(/warn: 2 log entries were dropped/)
  })

  it('does not hold up the end of the program for ever when nobody reads', async () => {
    const child = run("for (let i = 0; i < 2000; i++) logger.logInformation('x'.repeat(1000)); process.exit(7)")
    child.stderr.resume()
    const [code] = await once(child, 'exit')
    child.stdout.destroy()
    expect(code).toBe(7)
  })

  it('lets the program live when nobody reads any more', async () => {
    const child = run(
      `process.once('SIGUSR2', () => { logger.logInformation('to nobody'); setImmediate(() => { logger.logCritical('nor this'); tell('alive'); process.exit(0) }) }); setInterval(() => {}, 1000); tell('ready')`,
    )
    await once(child.stderr, 'data')
    child.stdout.destroy()
    await once(child.stdout, 'close')
    child.kill('SIGUSR2')
    const [error, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
    expect([error, code]).toEqual(['alive\n', 0])
  })

  it('writes in a worker thread too', async () => {
    const worker = `import('@windhover/core').then(async ({ LoggerFactory }) => {
      await import('@windhover/hosting')
      LoggerFactory.create(logging => logging.addConsole()).createLogger('A').logInformation('from a worker')
    })`
    const { output, error } = await endOf(
      run(`const { Worker } = await import('node:worker_threads'); new Worker(${JSON.stringify(worker)}, { eval: true })`),
    )
    expect([output, error]).toEqual([entry('from a worker'), ''])
  })

  it('writes entries of a level to standard error', async () => {
    const { output, error } = await endOf(
      run(`logger.logInformation('out'); logger.logError('err')`, '{ logToStandardErrorThreshold: LogLevel.Error }'),
    )
    expect([output, error]).toEqual([entry('out'), entry('err', 'fail')])
  })

  it('writes what is logged before and after its factory is disposed', async () => {
    const { output } = await endOf(
      run(`logger.logInformation('before'); factory[Symbol.dispose](); tell(String(writes.length)); logger.logInformation('after')`),
    )
    expect(output).toBe(entry('before') + entry('after'))
  })
})
