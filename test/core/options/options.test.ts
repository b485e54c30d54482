import {
  AggregateException,
  Configuration,
  ConfigureOptions,
  Options,
  OptionsMonitor,
  OptionsSnapshot,
  OptionsValidationException,
  PostConfigureOptions,
  ServiceCollection,
  Shape,
  StartupValidator,
  ValidateOptions,
} from '@windhover/core'
import { ConfigurationBuilder, ConfigurationManager, ConfigurationProvider, ConfigurationRoot } from '@windhover/hosting'
import { describe, expect, expectTypeOf, it } from 'vitest'

class MailOptions {
  static readonly shape = { sender: Shape.optional(String) }

  host = 'localhost'
  port = 25
  sender: string | undefined
  trail: string[] = []
}

class Clock {
  readonly now = 42
}

/** A source whose values a test changes. */
class ChangingProvider extends ConfigurationProvider {
  override load(): void {}

  change(key: string, value: string): void {
    this.data.set(key, value)
    this.onReload()
  }
}

const mailOptionsOf = (services: ServiceCollection) => services.buildServiceProvider().getRequiredService(Options.of(MailOptions)).value

describe('Options', () => {
  it('are the defaults of their class when nobody configures them', () => {
    expect(mailOptionsOf(new ServiceCollection().addOptions())).toEqual(new MailOptions())
  })

  it('are made once and shared, with the monitor too', () => {
    let made = 0
    const provider = new ServiceCollection().configure(MailOptions, () => made++).buildServiceProvider()
    const options = provider.getRequiredService(Options.of(MailOptions))
    expect(made).toBe(0)
    expect(options.value).toBe(options.value)
    expect(provider.getRequiredService(Options.of(MailOptions)).value).toBe(options.value)
    expect(provider.createScope().serviceProvider.getRequiredService(OptionsMonitor.of(MailOptions)).currentValue).toBe(options.value)
    expect(made).toBe(1)
  })

  it('run every configure in order, then every postConfigure', () => {
    const options = mailOptionsOf(
      new ServiceCollection()
        .postConfigure(MailOptions, mail => mail.trail.push('post 1'))
        .configure(MailOptions, mail => mail.trail.push('one'))
        .postConfigureAll(MailOptions, (mail, name) => mail.trail.push(`post all "${name}"`))
        .configureAll(MailOptions, (mail, name) => mail.trail.push(`all "${name}"`))
        .configure(MailOptions, mail => mail.trail.push('two')),
    )
    expect(options.trail).toEqual(['one', 'all ""', 'two', 'post 1', 'post all ""'])
  })

  it('of several names are apart', () => {
    const provider = new ServiceCollection()
      .configure(MailOptions, 'backup', mail => {
        mail.host = 'backup'
      })
      .configureAll(MailOptions, mail => {
        mail.port = 26
      })
      .postConfigure(MailOptions, 'backup', mail => {
        mail.sender = mail.host
      })
      .buildServiceProvider()
    const monitor = provider.getRequiredService(OptionsMonitor.of(MailOptions))
    expect(monitor.get('backup')).toMatchObject({ host: 'backup', port: 26, sender: 'backup' })
    expect(monitor.currentValue).toMatchObject({ host: 'localhost', port: 26, sender: undefined })
    expect(monitor.get('__proto__')).toMatchObject({ host: 'localhost', port: 26 })
  })

  it('come from a section of the configuration', () => {
    const configuration = new ConfigurationBuilder()
      .addInMemoryCollection({ 'mail:host': 'a', 'mail:port': '1', 'mail:sender': 'me' })
      .build()
    expect(mailOptionsOf(new ServiceCollection().configure(MailOptions, configuration.getSection('mail')))).toMatchObject({
      host: 'a',
      port: 1,
      sender: 'me',
    })
    expect(mailOptionsOf(new ServiceCollection().configure(MailOptions, '', new ConfigurationManager())).host).toBe('localhost')
  })

  it('can be made by hand', () => {
    const value = new MailOptions()
    expect(Options.create(value).value).toBe(value)
  })

  it('are injected by their token', () => {
    class Mailer {
      static readonly inject = [Options.of(MailOptions)] as const
      readonly host: string

      constructor(options: Options<MailOptions>) {
        this.host = options.value.host
      }
    }
    expect(new ServiceCollection().addOptions().addSingleton(Mailer).buildServiceProvider().getRequiredService(Mailer).host).toBe(
      'localhost',
    )
    expectTypeOf(new ServiceCollection().buildServiceProvider().getRequiredService<Options<MailOptions>>).returns.toEqualTypeOf<
      Options<MailOptions>
    >()
  })

  it('are configured, post-configured and checked by classes with services of their own', () => {
    class MailSetup implements ConfigureOptions<MailOptions>, PostConfigureOptions<MailOptions>, ValidateOptions<MailOptions> {
      static readonly inject = [Clock] as const
      readonly #clock: Clock

      constructor(clock: Clock) {
        this.#clock = clock
      }

      configure(options: MailOptions): void {
        options.port = this.#clock.now
      }

      postConfigure(options: MailOptions): void {
        options.port++
      }

      validate(options: MailOptions): string[] {
        return options.port === this.#clock.now + 1 ? [] : ['wrong']
      }
    }
    const services = new ServiceCollection()
      .addOptions()
      .addSingleton(Clock)
      .addSingleton(ConfigureOptions.of(MailOptions), MailSetup)
      .addSingleton(PostConfigureOptions.of(MailOptions), MailSetup)
      .addSingleton(ValidateOptions.of(MailOptions), MailSetup)
    expect(mailOptionsOf(services).port).toBe(43)
  })
})

describe('OptionsBuilder', () => {
  it('configures with services', () => {
    const services = new ServiceCollection().addSingleton(Clock)
    services
      .addOptions(MailOptions)
      .configure([Clock], (mail, clock) => {
        expectTypeOf(clock).toEqualTypeOf<Clock>()
        mail.port = clock.now
      })
      .postConfigure([Clock, Clock], (mail, first, second) => {
        mail.trail.push(String(first === second))
      })
    expect(mailOptionsOf(services)).toMatchObject({ port: 42, trail: ['true'] })
  })

  it('binds to a part of the configuration of the application', () => {
    const configuration = new ConfigurationBuilder().addInMemoryCollection({ 'a:mail:port': '7' }).build()
    const services = new ServiceCollection().addSingleton(Configuration, { useValue: configuration })
    services.addOptions(MailOptions).bindConfiguration('a:mail')
    expect(mailOptionsOf(services).port).toBe(7)
  })

  it('can refuse unknown keys', () => {
    const services = new ServiceCollection()
    services
      .addOptions(MailOptions)
      .bind(new ConfigurationBuilder().addInMemoryCollection({ hots: 'a' }).build(), { errorOnUnknownConfiguration: true })
    expect(() => mailOptionsOf(services)).toThrowError(/"hots"/)
  })

  it('raises all complaints at once, at each read', () => {
    const services = new ServiceCollection()
    services
      .addOptions(MailOptions)
      .validate(mail => mail.port > 1000, 'The port is too low.')
      .validate(mail => mail.host === 'localhost')
      .validate(mail => mail.sender !== undefined, 'There is no sender.')
    const options = services.buildServiceProvider().getRequiredService(Options.of(MailOptions))
    const expected = expect.objectContaining({
      name: 'OptionsValidationException',
      failures: ['The port is too low.', 'There is no sender.'],
      optionsType: 'MailOptions',
      optionsName: '',
    })
    expect(() => options.value).toThrowError(expected)
    expect(() => options.value).toThrowError(expected)
  })

  it('checks only the options of its name', () => {
    const services = new ServiceCollection()
    services.addOptions(MailOptions, 'strict').validate(() => false, 'never')
    const monitor = services.buildServiceProvider().getRequiredService(OptionsMonitor.of(MailOptions))
    expect(monitor.currentValue.port).toBe(25)
    expect(() => monitor.get('strict')).toThrowError(/MailOptions "strict"/)
  })
})

describe('validateOnStart', () => {
  class OtherOptions {
    size = 1
  }

  const validatorOf = (services: ServiceCollection) => services.buildServiceProvider().getRequiredService(StartupValidator)

  it('checks the options when the host starts', () => {
    const services = new ServiceCollection()
    services
      .addOptions(MailOptions)
      .validate(() => false, 'never')
      .validateOnStart()
    services.addOptions(OtherOptions).validate(() => false, 'not asked for at start')
    expect(() => validatorOf(services).validate()).toThrowError(OptionsValidationException)
  })

  it('raises the errors of several classes as one', () => {
    const services = new ServiceCollection()
    services
      .addOptions(MailOptions)
      .validate(() => false, 'no mail')
      .validateOnStart()
    services
      .addOptions(OtherOptions, 'x')
      .validate(() => false, 'no other')
      .validateOnStart()
    expect(() => validatorOf(services).validate()).toThrowError(AggregateException)
    expect(() => validatorOf(services).validate()).toThrowError(/no mail.*OtherOptions "x".*no other/)
  })

  it('is silent when all is well', () => {
    const services = new ServiceCollection()
    services
      .addOptions(MailOptions)
      .validate(mail => mail.port === 25)
      .validateOnStart()
    expect(() => validatorOf(services).validate()).not.toThrow()
  })
})

describe('OptionsMonitor', () => {
  const setUp = () => {
    const source = new ChangingProvider()
    const services = new ServiceCollection()
    services
      .addOptions(MailOptions)
      .bind(new ConfigurationRoot([source]))
      .validate(mail => mail.port > 0, 'The port is not positive.')
    const provider = services.buildServiceProvider()
    return { source, provider, monitor: provider.getRequiredService(OptionsMonitor.of(MailOptions)) }
  }

  it('follows the configuration; what was read before stays as it was', () => {
    const { source, provider, monitor } = setUp()
    const before = monitor.currentValue
    const options = provider.getRequiredService(Options.of(MailOptions))
    expect(options.value).toBe(before)
    source.change('port', '26')
    expect([before.port, monitor.currentValue.port, options.value.port]).toEqual([25, 26, 25])
    expect(monitor.currentValue).toBe(monitor.currentValue)
  })

  it('tells its listeners the new options until they are disposed', () => {
    const { source, monitor } = setUp()
    const told: unknown[] = []
    const registration = monitor.onChange((options, name) => told.push([options.port, name, options === monitor.currentValue]))
    source.change('port', '26')
    registration[Symbol.dispose]()
    source.change('port', '27')
    expect(told).toEqual([[26, '', true]])
  })

  it('keeps the options when the new ones do not pass their checks, and raises that to whoever changed them', () => {
    const { source, monitor } = setUp()
    expect(monitor.currentValue.port).toBe(25)
    expect(() => source.change('port', '-1')).toThrowError(OptionsValidationException)
    expect(monitor.currentValue.port).toBe(25)
    source.change('port', '26')
    expect(monitor.currentValue.port).toBe(26)
  })

  it('makes nothing on a change that nobody waits for', () => {
    const { source, monitor } = setUp()
    expect(() => source.change('port', '-1')).not.toThrow()
    expect(() => monitor.currentValue).toThrowError(OptionsValidationException)
  })

  it('hears no change any more when the container is disposed', () => {
    const { source, provider, monitor } = setUp()
    expect(monitor.currentValue.port).toBe(25)
    provider[Symbol.dispose]()
    source.change('port', '26')
    expect(monitor.currentValue.port).toBe(25)
  })
})

describe('OptionsSnapshot', () => {
  it('stays as it is within a scope and is new in the next', () => {
    const source = new ChangingProvider()
    const provider = new ServiceCollection().configure(MailOptions, new ConfigurationRoot([source])).buildServiceProvider()
    const snapshotOf = () => provider.createScope().serviceProvider.getRequiredService(OptionsSnapshot.of(MailOptions))
    const first = snapshotOf()
    const value = first.value
    source.change('port', '26')
    expect([first.value, first.value.port, first.get('other').port]).toEqual([value, 25, 25])
    expect(snapshotOf().value.port).toBe(26)
  })

  it('is a scoped service', () => {
    const provider = new ServiceCollection().addOptions().buildServiceProvider({ validateScopes: true })
    expect(() => provider.getRequiredService(OptionsSnapshot.of(MailOptions))).toThrowError(/scope/i)
  })
})
