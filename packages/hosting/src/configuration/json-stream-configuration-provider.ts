import { hostingErrors } from '../errors/hosting-errors.ts'
import { ConfigurationProvider } from './configuration-provider.ts'
import { parseJsonConfiguration } from './json-configuration-parser.ts'

/** Configuration from JSON that is in memory already, as text or as bytes of UTF-8. (.NET: JsonStreamConfigurationProvider) */
export class JsonStreamConfigurationProvider extends ConfigurationProvider {
  #content: string | Uint8Array | undefined

  constructor(content: string | Uint8Array) {
    super()
    this.#content = content
  }

  /** Raises a format error for bad JSON. A reload keeps what was read, and what was `set` since. */
  override load(): void {
    if (this.#content === undefined) return
    this.data = parseJsonConfiguration(typeof this.#content === 'string' ? this.#content : decode(this.#content))
    this.#content = undefined
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw hostingErrors.jsonUnexpected('bytes of UTF-8', 1, 1, cause)
  }
}
