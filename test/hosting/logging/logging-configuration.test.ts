import { type LogEntry, Logger, LoggerFactory, LoggerProvider, LogLevel, OptionsMonitor, ServiceCollection } from '@windhover/core'
import {
  ConfigurationManager,
  ConsoleFormatter,
  ConsoleLoggerOptions,
  ConsoleLoggerProvider,
  SimpleConsoleFormatterOptions,
} from '@windhover/hosting'
import { describe, expect, it } from 'vitest'

class Silent extends Logger {
  override isEnabled(): boolean {
    return true
  }

  override write(): void {}
}

class SilentProvider extends LoggerProvider {
  static readonly alias = 'Silent'

  override createLogger(category: string): Logger {
    return new Silent(category)
  }
}

const loggingWith = (configuration: ConfigurationManager) =>
  new ServiceCollection()
    .addLogging(logging => logging.addConfiguration(configuration.getSection('Logging')).addProvider(SilentProvider))
    .buildServiceProvider()

describe('addConfiguration', () => {
  it('follows changes of the configuration', () => {
    const configuration = new ConfigurationManager().addInMemoryCollection({ 'Logging:LogLevel:Default': 'Warning' })
    using services = loggingWith(configuration)
    const logger = services.getRequiredService(LoggerFactory).createLogger('A.B')
    expect(logger.isEnabled(LogLevel.Debug)).toBe(false)
    configuration.set('Logging:LogLevel:A', 'Debug')
    configuration.reload()
    expect([logger.isEnabled(LogLevel.Debug), logger.isEnabled(LogLevel.Trace)]).toEqual([true, false])
  })

  it('knows providers and Default in any case, as variables of the environment are written', () => {
    const configuration = new ConfigurationManager().addEnvironmentVariables('', { LOGGING__SILENT__LOGLEVEL__DEFAULT: 'TRACE' })
    using services = loggingWith(configuration)
    expect(services.getRequiredService(LoggerFactory).createLogger('A').isEnabled(LogLevel.Trace)).toBe(true)
  })

  it('leaves out empty levels and names the key of one that is unknown', () => {
    using empty = loggingWith(new ConfigurationManager().addInMemoryCollection({ 'Logging:LogLevel:Default': '' }))
    expect(empty.getRequiredService(LoggerFactory).createLogger('A').isEnabled(LogLevel.Information)).toBe(true)
    using unknown = loggingWith(new ConfigurationManager().addInMemoryCollection({ 'Logging:LogLevel:A': 'Loud' }))
    expect(() => unknown.getRequiredService(LoggerFactory)).toThrowError(/"Logging:LogLevel:A".*Information.*"Loud"/)
  })

  it('keeps the filters that were there when a change brings an unknown level', () => {
    const configuration = new ConfigurationManager().addInMemoryCollection({ 'Logging:LogLevel:Default': 'Debug' })
    using services = loggingWith(configuration)
    const logger = services.getRequiredService(LoggerFactory).createLogger('A')
    configuration.set('Logging:LogLevel:Default', 'Loud')
    expect(() => configuration.reload()).toThrowError(/Loud/)
    expect(logger.isEnabled(LogLevel.Debug)).toBe(true)
  })
})

describe('addConsole', () => {
  const build = (
    values: Record<string, string>,
    configure: Parameters<ServiceCollection['addLogging']>[0] = logging => logging.addConsole(),
  ) => {
    const configuration = new ConfigurationManager().addInMemoryCollection(values)
    const services = new ServiceCollection()
      .addLogging(logging => logging.addConfiguration(configuration.getSection('Logging')))
      .addLogging(configure)
    return { configuration, services: services.buildServiceProvider() }
  }

  it('takes its options from the section Console', () => {
    const { services } = build({
      'Logging:Console:FormatterName': 'JSON',
      'Logging:Console:LogToStandardErrorThreshold': 'error',
      'Logging:Console:QueueFullMode': 'DropWrite',
      'Logging:Console:FormatterOptions:SingleLine': 'true',
      'Logging:Console:FormatterOptions:TimestampFormat': 'HH:mm ',
      'Logging:Console:FormatterOptions:ColorBehavior': 'Disabled',
    })
    const options = services.getRequiredService(OptionsMonitor.of(ConsoleLoggerOptions)).currentValue
    expect(options).toEqual({
      formatterName: 'JSON',
      logToStandardErrorThreshold: LogLevel.Error,
      queueFullMode: 'drop-write',
      maxQueueLength: 2500,
    })
    expect(services.getRequiredService(OptionsMonitor.of(SimpleConsoleFormatterOptions)).currentValue).toMatchObject({
      singleLine: true,
      timestampFormat: 'HH:mm ',
      colorBehavior: 'disabled',
      includeScopes: false,
    })
  })

  it('lets code win over the configuration, whatever was added twice', () => {
    const { services } = build({ 'Logging:Console:FormatterOptions:SingleLine': 'false' }, logging =>
      logging
        .addSimpleConsole(options => {
          options.singleLine = true
        })
        .addConsole(),
    )
    expect(services.getRequiredService(OptionsMonitor.of(SimpleConsoleFormatterOptions)).currentValue.singleLine).toBe(true)
    expect(services.getServices(LoggerProvider)).toHaveLength(1)
    expect(services.getServices(ConsoleFormatter)).toHaveLength(2)
  })

  it('names the formatters that there are when it does not know one', () => {
    const { services } = build({ 'Logging:Console:FormatterName': 'xml' })
    expect(() => services.getServices(LoggerProvider)).toThrowError(/"xml".*simple, json/)
  })

  it('shows scopes when its formatter does', () => {
    const { services } = build({ 'Logging:Console:FormatterOptions:IncludeScopes': 'true' })
    expect(services.getRequiredService(LoggerFactory).includeScopes).toBe(true)
    expect(build({}).services.getRequiredService(LoggerFactory).includeScopes).toBe(false)
  })

  it('takes formatters of your own, with options of their own', () => {
    class LoudOptions {
      mark = '!'
    }
    class LoudFormatter extends ConsoleFormatter {
      static readonly inject = [OptionsMonitor.of(LoudOptions)] as const
      override readonly name = 'loud'
      readonly #options: OptionsMonitor<LoudOptions>

      constructor(options: OptionsMonitor<LoudOptions>) {
        super()
        this.#options = options
      }

      override format(entry: LogEntry): string {
        return `${entry.message.toUpperCase()}${this.#options.currentValue.mark}\n`
      }
    }
    const { services } = build({ 'Logging:Console:FormatterName': 'loud', 'Logging:Console:FormatterOptions:Mark': '?' }, logging =>
      logging.addConsoleFormatter(LoudFormatter, LoudOptions, options => {
        options.mark += '!'
      }),
    )
    expect(services.getServices(LoggerProvider)[0]).toBeInstanceOf(ConsoleLoggerProvider)
    expect(services.getRequiredService(OptionsMonitor.of(LoudOptions)).currentValue.mark).toBe('?!')
  })
})
