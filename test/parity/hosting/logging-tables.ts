import {
  EventId,
  LogEntry,
  Logger,
  LoggerFactory,
  LoggerProvider,
  type LoggingBuilder,
  LogLevel,
  LogScope,
  LogValues,
  ServiceCollection,
} from '@windhover/core'
import { ConfigurationBuilder, ConsoleFormatter, LoggerColorBehavior } from '@windhover/hosting'

type LevelName = keyof typeof LogLevel

interface FilterInput {
  readonly category: string
  readonly rules: readonly { readonly category: string | null; readonly level: LevelName; readonly provider?: 'One' | 'Two' }[]
  readonly configuration?: unknown
  readonly minimumLevel?: LevelName
}

interface SimpleConsoleInput {
  readonly message: string
  readonly level?: LevelName
  readonly category?: string
  readonly eventId?: number
  readonly eventName?: string
  readonly exception?: string
  readonly scopes?: readonly string[]
  readonly includeScopes?: boolean
  readonly singleLine?: boolean
}

const levels = Object.entries(LogLevel).filter(([, level]) => level < LogLevel.None) as [LevelName, LogLevel][]

class RecordingProvider extends LoggerProvider {
  readonly entries: LogEntry[] = []
  readonly messages: string[] = []

  override createLogger(category: string): Logger {
    return new RecordingLogger(category, this)
  }
}

class RecordingLogger extends Logger {
  readonly #provider: RecordingProvider

  constructor(category: string, provider: RecordingProvider) {
    super(category)
    this.#provider = provider
  }

  override isEnabled(): boolean {
    return true
  }

  override write(entry: LogEntry): void {
    this.#provider.entries.push(entry)
    this.#provider.messages.push(entry.message)
  }
}

class OneProvider extends RecordingProvider {
  static readonly alias = 'One'
}

class TwoProvider extends RecordingProvider {
  static readonly alias = 'Two'
}

export const loggingTables = {
  'logging/filter': filter,
  'logging/message-template': messageTemplate,
  'logging/simple-console': simpleConsole,
}

/** Which of two providers get a message of each level under the given rules. */
function filter(input: FilterInput): unknown {
  const one = new OneProvider()
  const two = new TwoProvider()
  using factory = LoggerFactory.create(logging => {
    logging.addProvider(one).addProvider(two)
    if (input.configuration !== undefined) {
      logging.addConfiguration(new ConfigurationBuilder().addJsonStream(JSON.stringify(input.configuration)).build())
    }
    if (input.minimumLevel !== undefined) logging.setMinimumLevel(LogLevel[input.minimumLevel])
    for (const rule of input.rules) addRule(logging, rule)
  })
  const logger = factory.createLogger(input.category)
  for (const [, level] of levels) logger.log(level, 'x')
  return { one: seenBy(one), two: seenBy(two), enabled: levels.filter(([, level]) => logger.isEnabled(level)).map(([name]) => name) }
}

function addRule(logging: LoggingBuilder, rule: FilterInput['rules'][number]): void {
  const provider = rule.provider === 'One' ? OneProvider : TwoProvider
  if (rule.provider === undefined) logging.addFilter(rule.category, LogLevel[rule.level])
  else logging.addFilter(provider, rule.category, LogLevel[rule.level])
}

function seenBy(provider: RecordingProvider): unknown {
  return provider.entries.map(entry => levels.find(([, level]) => level === entry.level)?.[0])
}

/** A message template and its arguments as the logger formats them. */
function messageTemplate(input: { template: string; arguments: readonly unknown[] }): unknown {
  const recorder = new RecordingProvider()
  using factory = LoggerFactory.create(logging => logging.addProvider(recorder))
  factory.createLogger('x').logInformation(input.template, ...input.arguments)
  return recorder.messages[0]
}

/** The text that the console's simple formatter makes of one entry, without colours. */
function simpleConsole(input: SimpleConsoleInput): unknown {
  using services = new ServiceCollection()
    .addLogging(logging =>
      logging.addSimpleConsole(options => {
        options.colorBehavior = LoggerColorBehavior.Disabled
        options.singleLine = input.singleLine === true
        options.includeScopes = input.includeScopes === true
      }),
    )
    .buildServiceProvider()
  const formatter = services.getServices(ConsoleFormatter).find(candidate => candidate.name === 'simple')!
  const exception = input.exception === undefined ? undefined : Object.assign(new Error(), { stack: input.exception })
  const entry = new LogEntry({
    level: LogLevel[input.level ?? 'Information'],
    category: input.category ?? 'App.Category',
    eventId: new EventId(input.eventId ?? 0, input.eventName),
    exception,
    state: new LogValues(input.message),
    scope: input.scopes?.reduce<LogScope | undefined>((parent, state) => new LogScope(state, parent), undefined),
  })
  return formatter.format(entry)
}
