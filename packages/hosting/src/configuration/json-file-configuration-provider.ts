import { readFileSync } from 'node:fs'
import { hostingErrors } from '../errors/hosting-errors.ts'
import { ConfigurationData } from './configuration-data.ts'
import { ConfigurationProvider } from './configuration-provider.ts'
import { watchFile } from './file-watcher.ts'
import { parseJsonConfiguration } from './json-configuration-parser.ts'

/** How a JSON file is read and watched. (.NET: JsonConfigurationSource) */
export interface JsonFileOptions {
  /** True: a file that does not exist is as good as an empty one. Default false: it raises an IO error. */
  readonly optional?: boolean
  /** True: the file is watched and read again when its text has changed. Watching does not keep the process alive. Default false. */
  readonly reloadOnChange?: boolean
  /** How long after a change the file is read, in milliseconds, so that a writer can finish. Default 250. */
  readonly reloadDelay?: number
  /**
   * Told of an error while watching or reading again; the values from before stay. Default: a warning of the process.
   * Errors of the first reading are thrown, not told.
   */
  readonly onLoadException?: (error: unknown) => void
}

/** Configuration from a JSON file. (.NET: JsonConfigurationProvider) */
export class JsonFileConfigurationProvider extends ConfigurationProvider implements Disposable {
  readonly #path: string
  readonly #optional: boolean
  readonly #reloadOnChange: boolean
  readonly #reloadDelay: number
  readonly #onLoadException: (error: unknown) => void
  #text: string | undefined
  #watcher: Disposable | undefined

  constructor(path: string, options: JsonFileOptions = {}) {
    super()
    this.#path = path
    this.#optional = options.optional ?? false
    this.#reloadOnChange = options.reloadOnChange ?? false
    this.#reloadDelay = options.reloadDelay ?? 250
    this.#onLoadException = options.onLoadException ?? (error => process.emitWarning(error as Error))
  }

  /** Raises an IO error when the file cannot be read, and an invalid-data error that names it when it is no JSON. */
  override load(): void {
    this.#parse(this.#read())
    if (!this.#reloadOnChange) return
    this.#watcher ??= watchFile(this.#path, this.#reloadDelay, () => this.#reload(), this.#onLoadException)
  }

  [Symbol.dispose](): void {
    this.#watcher?.[Symbol.dispose]()
    this.#watcher = undefined
  }

  #reload(): void {
    try {
      const text = this.#read()
      if (text === this.#text) return
      this.#parse(text)
      this.onReload()
    } catch (error) {
      this.#onLoadException(error)
    }
  }

  #read(): string | undefined {
    try {
      return readFileSync(this.#path, 'utf8')
    } catch (cause) {
      if (this.#optional && (cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw hostingErrors.configurationFileUnreadable(this.#path, cause)
    }
  }

  #parse(text: string | undefined): void {
    try {
      this.data = text === undefined ? new ConfigurationData() : parseJsonConfiguration(text)
      this.#text = text
    } catch (cause) {
      throw hostingErrors.configurationFileInvalid(this.#path, cause)
    }
  }
}
