import { LogEntry, type ServiceCollection } from '@windhover/core'
import { ConsoleFormatter, SimpleConsoleFormatter } from '@windhover/hosting'
import { errorKind } from './error-kind.ts'
import { ourName } from './hosts/environment-scope.ts'
import { recordedCategory } from './hosts/host-log.ts'
import type { HostSpec } from './hosts/host-spec.ts'
import { type AnyHost, ScriptedHost } from './hosts/scripted-host.ts'
import { Trace } from './trace.ts'

/** Runs the host that a case describes as a program would, with the real server, console and signals. Events are lines that begin with `@`. */
export async function runProcessHost(text: string): Promise<void> {
  const spec: HostSpec = JSON.parse(text)
  for (const [name, value] of Object.entries(process.env)) process.env[ourName(name)] = value
  // A test runner sets it.
  delete process.env.NODE_ENV
  const trace = new PrintedTrace()
  const host = new ScriptedHost(spec, trace, { isSilent: false, addServices: services => showRecordedCategories(services, spec) })
  if (spec.catchBuild) {
    try {
      host.build()
    } catch (error) {
      trace.add(`build ${errorKind(error)}`)
      return
    }
  }
  await build(host, spec).runAsync()
  trace.add('run returned')
}

/** What configures a web application is the code of the program, not of a host, so Node would show its error with an excerpt of the source; .NET shows it as any other. */
function build(host: ScriptedHost, spec: HostSpec): AnyHost {
  try {
    return host.build()
  } catch (error) {
    if (spec.host !== 'webApplication') throw error
    process.stderr.write(`Unhandled exception. ${(error as Error).stack}\n`)
    process.exit(1)
  }
}

class PrintedTrace extends Trace {
  override add(event: string): void {
    process.stdout.write(`@${event}\n`)
  }
}

/** Has the name of the usual formatter, whose place it takes. Of exceptions the recordings tell only that they are there. */
class RecordedCategories extends ConsoleFormatter {
  override readonly name = 'simple'
  readonly #formatter: SimpleConsoleFormatter
  readonly #isWebHost: boolean

  constructor(formatter: SimpleConsoleFormatter, isWebHost: boolean) {
    super()
    this.#formatter = formatter
    this.#isWebHost = isWebHost
  }

  override format(entry: LogEntry): string {
    const { level, eventId, exception, state, scope } = entry
    const category = recordedCategory(entry.category, this.#isWebHost)
    const stack = exception instanceof Error ? exception.stack : exception
    return this.#formatter.format(new LogEntry({ level, category, eventId, exception: stack, state, scope }))
  }
}

function showRecordedCategories(services: ServiceCollection, spec: HostSpec): void {
  services.tryAddSingleton(SimpleConsoleFormatter)
  services.addSingleton(ConsoleFormatter, {
    useFactory: provider => new RecordedCategories(provider.getRequiredService(SimpleConsoleFormatter), spec.host === 'webHost'),
  })
}
