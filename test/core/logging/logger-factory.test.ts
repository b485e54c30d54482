import {
  LoggerFactory,
  LoggerFilterOptions,
  LoggerProvider,
  type LoggingBuilder,
  LogLevel,
  OptionsChangeSource,
  ServiceCollection,
} from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { RecordingLoggerProvider } from './recording-logger-provider.ts'

describe('LoggerFactory', () => {
  it('gives the same logger for the same category', () => {
    using factory = LoggerFactory.create(() => {})
    expect(factory.createLogger('a')).toBe(factory.createLogger('a'))
    expect(factory.createLogger('__proto__').category).toBe('__proto__')
  })

  it('lets a provider that is added later hear the loggers that exist', () => {
    using factory = LoggerFactory.create(() => {})
    const logger = factory.createLogger('a')
    const provider = new RecordingLoggerProvider()
    expect(logger.isEnabled(LogLevel.Critical)).toBe(false)
    factory.addProvider(provider)
    logger.logInformation('x')
    expect(provider.messages).toEqual(['x'])
  })

  it('asks the logger of a provider too whether a level is on', () => {
    const provider = new RecordingLoggerProvider()
    using factory = LoggerFactory.create(logging => logging.addProvider(provider))
    const logger = factory.createLogger('a')
    provider.lowestLevel = LogLevel.Error
    logger.logWarning('x')
    expect([logger.isEnabled(LogLevel.Warning), logger.isEnabled(LogLevel.Error)]).toEqual([false, true])
    expect(provider.entries).toEqual([])
  })

  it('disposes the providers that it made or was given, not those that were registered as objects', () => {
    const made: RecordingLoggerProvider[] = []
    class MadeProvider extends RecordingLoggerProvider {
      constructor() {
        super()
        made.push(this)
      }
    }
    const [registered, added] = [new RecordingLoggerProvider(), new RecordingLoggerProvider()]
    const factory = LoggerFactory.create(logging => logging.addProvider(registered).addProvider(MadeProvider))
    factory.addProvider(added)
    factory[Symbol.dispose]()
    expect([made[0]?.isDisposed, added.isDisposed, registered.isDisposed]).toEqual([true, true, false])
    expect(() => factory.createLogger('a')).toThrowError(expect.objectContaining({ code: 'WINDHOVER_ERR_LOGGER_FACTORY_DISPOSED' }))
  })

  it('follows changes of the filters', () => {
    let change = () => {}
    let level: LogLevel = LogLevel.Warning
    const provider = new RecordingLoggerProvider()
    using services = new ServiceCollection()
      .addLogging(logging => logging.addProvider(provider))
      .configure(LoggerFilterOptions, options => {
        options.minLevel = level
      })
      .addSingleton(OptionsChangeSource.of(LoggerFilterOptions), {
        useValue: {
          name: '',
          onChange: callback => {
            change = callback
            return { [Symbol.dispose]() {} }
          },
        },
      })
      .buildServiceProvider()
    const logger = services.getRequiredService(LoggerFactory).createLogger('a')
    logger.logDebug('off')
    level = LogLevel.Debug
    change()
    logger.logDebug('on')
    expect(provider.messages).toEqual(['on'])
  })
})

describe('LoggingBuilder', () => {
  const seen = (configure: Parameters<typeof LoggerFactory.create>[0], category = 'A.B') => {
    const provider = new RecordingLoggerProvider()
    using factory = LoggerFactory.create(logging => configure(logging.addProvider(provider)))
    const logger = factory.createLogger(category)
    for (let level = 0; level < LogLevel.None; level++) logger.log(level as LogLevel, String(level))
    return provider.messages.join('')
  }

  it.each<[string, Parameters<typeof LoggerFactory.create>[0], string]>([
    [
      'a function alone',
      logging => logging.addFilter((provider, category, level) => provider === 'Recording' && category === 'A.B' && level === 1),
      '1',
    ],
    ['a function for a category', logging => logging.addFilter('A', (category, level) => category === 'A.B' && level > 3), '45'],
    ['a provider by its alias, in any case', logging => logging.addFilter('RECORDING', 'A', LogLevel.Error), '45'],
    ['a provider by its class', logging => logging.addFilter(RecordingLoggerProvider, null, LogLevel.Critical), '5'],
    ['another provider', logging => logging.addFilter('Other', 'A', LogLevel.Critical), '2345'],
    ['None', logging => logging.setMinimumLevel(LogLevel.None), ''],
  ])('filters by %s', (_name, configure, expected) => {
    expect(seen(configure)).toBe(expected)
  })

  it('refuses two wildcards in a category', () => {
    expect(() => seen(logging => logging.addFilter('A*B*C', LogLevel.Error))).toThrowError(/A\*B\*C/)
  })

  it.each<[string, (logging: LoggingBuilder) => unknown]>([
    ['a name as the minimum', logging => logging.setMinimumLevel('Debug' as never)],
    ['a number that is none', logging => logging.setMinimumLevel(7 as never)],
    ['a name in a filter', logging => logging.addFilter('A', 'Debug' as never)],
    ['nothing in a filter of a provider', logging => logging.addFilter('Console', 'A', undefined as never)],
  ])('refuses a level that is none: %s', (_name, configure) => {
    expect(() => LoggerFactory.create(configure as never)).toThrow(expect.objectContaining({ code: 'WINDHOVER_ERR_LOG_LEVEL' }))
  })

  it('forgets the providers that were added before clearProviders', () => {
    const services = new ServiceCollection().addLogging(logging => logging.addProvider(new RecordingLoggerProvider()).clearProviders())
    expect(services.buildServiceProvider().getServices(LoggerProvider)).toEqual([])
  })

  it('may be asked for several times and adds up', () => {
    const [first, second] = [new RecordingLoggerProvider(), new RecordingLoggerProvider()]
    const services = new ServiceCollection()
      .addLogging(logging => logging.addProvider(first))
      .addLogging(logging => logging.addProvider(second).setMinimumLevel(LogLevel.Debug))
      .buildServiceProvider()
    services.getRequiredService(LoggerFactory).createLogger('a').logDebug('x')
    expect([first.messages, second.messages]).toEqual([['x'], ['x']])
  })
})
