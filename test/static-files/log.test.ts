import { join } from 'node:path'
import { type LogEntry, Logger, LoggerProvider, LogLevel, type ServiceCollection } from '@windhover/core'
import { PhysicalFileProvider } from '@windhover/static-files'
import { describe, expect, it } from 'vitest'
import { request } from './request.ts'
import { temporaryFolder } from './temporary-folder.ts'

class Recorder extends LoggerProvider {
  readonly entries: LogEntry[] = []

  override createLogger(category: string): Logger {
    return new RecordingLogger(category, this.entries)
  }
}

class RecordingLogger extends Logger {
  readonly #entries: LogEntry[]

  constructor(category: string, entries: LogEntry[]) {
    super(category)
    this.#entries = entries
  }

  override isEnabled(): boolean {
    return true
  }

  override write(entry: LogEntry): void {
    this.#entries.push(entry)
  }
}

const folder = temporaryFolder({ 'hello.txt': 'hello\n' })

async function logged(path: string, headers: Record<string, string> = {}, webRootPath = folder) {
  const recorder = new Recorder()
  const configureServices = (services: ServiceCollection) =>
    void services.addLogging(logging => logging.setMinimumLevel(LogLevel.Debug).addProvider(recorder))
  await request(app => app.useStaticFiles(), path, { headers, webRootPath, configureServices })
  return recorder.entries.map(({ category, level, eventId, message }) => ({ category, level, event: eventId.id, message }))
}

describe('static files log', () => {
  const file = join(folder, 'hello.txt')

  it.each<[string, string, Record<string, string>, LogLevel, number, string]>([
    ['a file', '/hello.txt', {}, LogLevel.Information, 2, `Sending file. Request path: /hello.txt. Physical path: ${file}`],
    [
      'a range',
      '/hello.txt',
      { Range: 'bytes=1-2' },
      LogLevel.Information,
      9,
      `Sending bytes 1-2/6 of file ${file}. Request path: /hello.txt`,
    ],
    [
      'a file that was not modified',
      '/hello.txt',
      { 'If-None-Match': '*' },
      LogLevel.Information,
      6,
      'The file /hello.txt was not modified',
    ],
    ['a condition that fails', '/hello.txt', { 'If-Match': '"x"' }, LogLevel.Information, 7, 'Precondition for /hello.txt failed'],
    ['a range beyond the file', '/hello.txt', { Range: 'bytes=9-' }, LogLevel.Information, 8, 'Range not satisfiable for /hello.txt'],
    ['a missing file', '/none.txt', {}, LogLevel.Debug, 5, 'The request path /none.txt does not match an existing file'],
    ['an unknown type', '/none', {}, LogLevel.Debug, 4, 'The request path /none does not match a supported file type'],
  ])('%s', async (_, path, headers, level, event, message) => {
    expect(await logged(path, headers)).toEqual([{ category: 'Windhover.StaticFiles', level, event, message }])
  })

  it('a missing web root, once, when the application is configured', async () => {
    expect(await logged('/hello.txt', {}, join(folder, 'none'))).toEqual([
      {
        category: 'Windhover.StaticFiles',
        level: LogLevel.Warning,
        event: 16,
        message: 'The web root was not found, so there are no static files. Make a folder "wwwroot", or configure "webroot".',
      },
    ])
  })

  it('nothing where the application has no logging', async () => {
    const { body } = await request(app => app.useStaticFiles({ fileProvider: new PhysicalFileProvider(folder) }), '/hello.txt')
    expect(body).toBe('hello\n')
  })
})
