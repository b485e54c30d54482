import {
  AggregateException,
  EventId,
  Logger,
  LoggerFactory,
  LogLevel,
  NullLogger,
  NullLoggerFactory,
  ServiceCollection,
} from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { RecordingLoggerProvider } from './recording-logger-provider.ts'

function createLogger(provider = new RecordingLoggerProvider()) {
  const factory = LoggerFactory.create(logging => logging.addProvider(provider).setMinimumLevel(LogLevel.Trace))
  return { logger: factory.createLogger('Category'), provider }
}

describe('Logger', () => {
  it.each([
    ['logTrace', LogLevel.Trace],
    ['logDebug', LogLevel.Debug],
    ['logInformation', LogLevel.Information],
    ['logWarning', LogLevel.Warning],
    ['logError', LogLevel.Error],
    ['logCritical', LogLevel.Critical],
  ] as const)('%s writes an entry of its level', (method, level) => {
    const { logger, provider } = createLogger()
    logger[method]('hello {Name}', 'x')
    expect(provider.entries).toHaveLength(1)
    expect(provider.entries[0]).toMatchObject({ level, category: 'Category', message: 'hello x', exception: undefined, eventId: { id: 0 } })
  })

  const error = new Error('boom')
  const eventId = new EventId(7, 'Seven')

  it.each<[string, Parameters<Logger['logError']>, { id: number; exception?: unknown; message: string }]>([
    ['a message', ['a {B}', 1], { id: 0, message: 'a 1' }],
    ['an error', [error, 'a {B}', 1], { id: 0, exception: error, message: 'a 1' }],
    ['an event', [eventId, 'a {B}', 1], { id: 7, message: 'a 1' }],
    ['the number of an event', [7, 'a {B}', 1], { id: 7, message: 'a 1' }],
    ['an event and an error', [eventId, error, 'a {B}', 1], { id: 7, exception: error, message: 'a 1' }],
    ['undefined in place of an error', [undefined, 'a {B}', 1], { id: 0, message: 'a 1' }],
    ['an object that was thrown', [{ code: 1 }, 'a'], { id: 0, exception: { code: 1 }, message: 'a' }],
    ['a text that was thrown and is no template', ['{"a":{"b":1}}', 'a {B}', 1], { id: 0, exception: '{"a":{"b":1}}', message: 'a 1' }],
  ])('takes %s first', (_name, args, expected) => {
    const { logger, provider } = createLogger()
    logger.logError(...args)
    logger.log(LogLevel.Error, ...args)
    for (const entry of provider.entries) {
      expect({ id: entry.eventId.id, exception: entry.exception, message: entry.message }).toEqual({ exception: undefined, ...expected })
    }
    expect(provider.entries).toHaveLength(2)
  })

  it('gives providers the arguments by name, and the template', () => {
    const { logger, provider } = createLogger()
    logger.logInformation('{UserId} bought {Product}', 7, 'tea')
    const { state } = provider.entries[0]!
    expect([...state]).toEqual([
      ['UserId', 7],
      ['Product', 'tea'],
      ['{OriginalFormat}', '{UserId} bought {Product}'],
    ])
    expect([state.get('Product'), state.get('Other'), state.originalFormat]).toEqual(['tea', undefined, '{UserId} bought {Product}'])
  })

  it('leaves a message without arguments as it is, braces included', () => {
    const { logger, provider } = createLogger()
    logger.logInformation('{not a hole')
    expect(provider.messages).toEqual(['{not a hole'])
    expect([...provider.entries[0]!.state]).toEqual([['{OriginalFormat}', '{not a hole']])
  })

  it('formats nothing when the level is off', () => {
    const factory = LoggerFactory.create(logging => logging.addProvider(new RecordingLoggerProvider()).setMinimumLevel(LogLevel.Warning))
    const untouchable = {
      toString() {
        throw new Error('formatted')
      },
    }
    const logger = factory.createLogger('a')
    logger.logInformation('{A} {bad', untouchable)
    expect(logger.isEnabled(LogLevel.Information)).toBe(false)
  })

  it('formats a message once, however many providers read it', () => {
    let count = 0
    const counted = {
      toString() {
        count++
        return 'x'
      },
    }
    const providers = [new RecordingLoggerProvider(), new RecordingLoggerProvider()]
    const factory = LoggerFactory.create(logging => {
      for (const provider of providers) logging.addProvider(provider)
    })
    factory.createLogger('a').logInformation('{A}', counted)
    expect(providers.map(provider => provider.messages)).toEqual([['x'], ['x']])
    expect(count).toBe(1)
  })

  it('writes nothing for the level None', () => {
    const { logger, provider } = createLogger()
    logger.log(LogLevel.None, 'x')
    expect(logger.isEnabled(LogLevel.None)).toBe(false)
    expect(provider.entries).toEqual([])
  })

  it('raises a format error for a template that does not parse', () => {
    const { logger } = createLogger()
    expect(() => logger.logInformation('{A', 1)).toThrowError(expect.objectContaining({ code: 'WINDHOVER_ERR_MESSAGE_TEMPLATE' }))
  })
})

describe('Logger.for', () => {
  class Clock {}

  class Shop {
    static readonly loggerCategory = 'Shop.Orders'
    readonly orders = []
  }

  class Branch extends Shop {}

  class Consumer {
    static readonly inject = [Logger, Logger.for(Clock)] as const
    readonly own: Logger
    readonly other: Logger

    constructor(own: Logger, other: Logger) {
      this.own = own
      this.other = other
    }
  }

  const build = () => new ServiceCollection().addLogging().addSingleton(Consumer).buildServiceProvider()

  it('stands for the logger of a class, always by the same token', () => {
    expect(Logger.for(Clock)).toBe(Logger.for(Clock))
    expect(build().getRequiredService(Logger.for(Clock)).category).toBe('Clock')
  })

  it('gives a bare Logger the class that asks for it', () => {
    const consumer = build().getRequiredService(Consumer)
    expect([consumer.own.category, consumer.other.category]).toEqual(['Consumer', 'Clock'])
  })

  it('takes the category that a class itself declares', () => {
    using factory = LoggerFactory.create(() => {})
    expect(factory.createLogger(Shop).category).toBe('Shop.Orders')
    expect(factory.createLogger(Branch).category).toBe('Branch')
  })
})

describe('NullLogger', () => {
  it('is never on and takes everything', () => {
    const logger = NullLoggerFactory.instance.createLogger()
    expect(logger).toBe(NullLogger.instance)
    expect(logger.isEnabled(LogLevel.Critical)).toBe(false)
    logger.logCritical('{A', 1)
    expect(logger.runInScope('scope', () => 5)).toBe(5)
    using scope = logger.beginScope('scope {A}', 1)
    expect(scope).toBeDefined()
  })
})

describe('a provider that throws', () => {
  it('does not keep an entry from the others; the error comes as an aggregate', () => {
    class FailingProvider extends RecordingLoggerProvider {
      override createLogger(category: string): Logger {
        const logger = super.createLogger(category)
        logger.write = () => {
          throw new Error('disk full')
        }
        return logger
      }
    }
    const working = new RecordingLoggerProvider()
    const factory = LoggerFactory.create(logging => logging.addProvider(new FailingProvider()).addProvider(working))
    expect(() => factory.createLogger('a').logInformation('x')).toThrowError(AggregateException)
    expect(working.messages).toEqual(['x'])
  })
})
