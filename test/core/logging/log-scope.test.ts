import { AsyncLocalStorage } from 'node:async_hooks'
import { type LogEntry, LoggerFactory, LogValues } from '@windhover/core'
import { describe, expect, it, vi } from 'vitest'
import { RecordingLoggerProvider } from './recording-logger-provider.ts'

function createLogger(showsScopes = true) {
  const provider = new RecordingLoggerProvider(showsScopes)
  const factory = LoggerFactory.create(logging => logging.addProvider(provider))
  return { logger: factory.createLogger('a'), provider, factory }
}

const scopesOf = (entries: readonly LogEntry[]) => entries.map(entry => entry.scopes.map(String))

describe('log scopes', () => {
  it('are carried by the entries of the code that follows, the outermost first, until they are disposed', () => {
    const { logger, provider } = createLogger()
    {
      using _outer = logger.beginScope('outer {Id}', 1)
      logger.logInformation('x')
      using _inner = logger.beginScope('inner')
      logger.logInformation('x')
    }
    logger.logInformation('x')
    expect(scopesOf(provider.entries)).toEqual([['outer 1'], ['outer 1', 'inner'], []])
  })

  it('follow asynchronous code', async () => {
    const { logger, provider } = createLogger()
    const work = async () => {
      await new Promise(resolve => setImmediate(resolve))
      logger.logInformation('x')
    }
    {
      using _ = logger.beginScope('outer')
      await work()
    }
    logger.logInformation('x')
    expect(scopesOf(provider.entries)).toEqual([['outer'], []])
  })

  it('do not reach the caller of an async function once they have ended', async () => {
    const { logger, provider } = createLogger()
    const work = async () => {
      using _ = logger.beginScope('inner')
      await Promise.resolve()
      logger.logInformation('x')
    }
    await work()
    logger.logInformation('x')
    expect(scopesOf(provider.entries)).toEqual([['inner'], []])
  })

  it('may be disposed out of order', () => {
    const { logger, provider } = createLogger()
    const outer = logger.beginScope('outer')
    const inner = logger.beginScope('inner')
    inner[Symbol.dispose]()
    inner[Symbol.dispose]()
    logger.logInformation('x')
    outer[Symbol.dispose]()
    logger.logInformation('x')
    expect(scopesOf(provider.entries)).toEqual([['outer'], []])
  })

  it('keep work that runs side by side apart with runInScope', async () => {
    const { logger, provider } = createLogger()
    const work = (name: string) =>
      logger.runInScope(name, async () => {
        await Promise.resolve()
        logger.logInformation(name)
        return name
      })
    const results = Promise.all([work('one'), work('two')])
    logger.logInformation('none')
    expect(await results).toEqual(['one', 'two'])
    expect(provider.entries.map(entry => [entry.message, ...entry.scopes])).toEqual([['none'], ['one', 'one'], ['two', 'two']])
  })

  it('are shared by the loggers of a factory', () => {
    const { logger, provider, factory } = createLogger()
    logger.runInScope({ RequestId: 'r1' }, () => factory.createLogger('other').logInformation('x'))
    expect(provider.entries[0]?.scopes).toEqual([{ RequestId: 'r1' }])
  })

  it('stay with an entry that is read later', () => {
    const { logger, provider } = createLogger()
    {
      using _ = logger.beginScope('outer {Id}', 1)
      logger.logInformation('x')
    }
    const [scope] = provider.entries[0]!.scopes
    expect(scope).toBeInstanceOf(LogValues)
    expect([...(scope as LogValues)]).toContainEqual(['Id', 1])
  })

  it.each([false, true])('enter an asynchronous store only when a provider shows them: %s', showsScopes => {
    const enterWith = vi.spyOn(AsyncLocalStorage.prototype, 'enterWith')
    const run = vi.spyOn(AsyncLocalStorage.prototype, 'run')
    const { logger, factory } = createLogger(showsScopes)
    using _ = logger.beginScope('outer')
    logger.runInScope('inner', () => logger.logInformation('x'))
    expect(factory.includeScopes).toBe(showsScopes)
    expect(enterWith.mock.calls.length > 0).toBe(showsScopes)
    expect(run.mock.calls.length).toBe(showsScopes ? 1 : 0)
    vi.restoreAllMocks()
  })

  it('begin to be shown when a provider that shows them is added', () => {
    const { logger, factory } = createLogger(false)
    const showing = new RecordingLoggerProvider(true)
    factory.addProvider(showing)
    logger.runInScope('scope', () => logger.logInformation('x'))
    expect(factory.includeScopes).toBe(true)
    expect(showing.entries[0]?.scopes).toEqual(['scope'])
  })
})
