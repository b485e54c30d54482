import { hostingErrors } from '../errors/hosting-errors.ts'
import { ConfigurationData } from './configuration-data.ts'
import { ConfigurationProvider } from './configuration-provider.ts'

/** Switches and the keys that they stand for: `{ '-p': 'port', '--database': 'ConnectionStrings:db' }`. */
export type SwitchMappings = Readonly<Record<string, string>>

/**
 * Configuration from the arguments of a command: `--key value`, `--key=value`, `/key value`, `/key=value`, `key=value`, and `-k` where a
 * mapping tells its key. The argument after a switch without `=` is its value, whatever it looks like; a switch at the end is left out.
 * (.NET: CommandLineConfigurationProvider)
 */
export class CommandLineConfigurationProvider extends ConfigurationProvider {
  readonly #args: readonly string[]
  readonly #mappings: ReadonlyMap<string, string>

  /** Raises an argument error for mappings of a switch without a leading dash, or of one switch twice (ignoring case). */
  constructor(args: readonly string[], switchMappings: SwitchMappings = {}) {
    super()
    this.#args = [...args]
    this.#mappings = checkMappings(switchMappings)
  }

  /** Raises a format error for `-k=value` without a mapping of `-k`. */
  override load(): void {
    const data = new ConfigurationData()
    for (let index = 0; index < this.#args.length; index++) {
      const argument = this.#args[index]!.replace(/^\//, '--')
      const separator = argument.indexOf('=')
      const name = separator === -1 ? argument : argument.slice(0, separator)
      const key = this.#keyOf(name, separator !== -1)
      if (key === undefined) continue
      const value = separator === -1 ? this.#args[++index] : argument.slice(separator + 1)
      if (value !== undefined) data.set(key, value)
    }
    this.data = data
  }

  #keyOf(name: string, hasValue: boolean): string | undefined {
    const mapped = name.startsWith('-') ? this.#mappings.get(name.toLowerCase()) : undefined
    if (mapped !== undefined) return mapped
    if (name.startsWith('--')) return name.slice(2)
    if (!name.startsWith('-')) return hasValue ? name : undefined
    if (hasValue) throw hostingErrors.unmappedSwitch(name)
    return undefined
  }
}

function checkMappings(mappings: SwitchMappings): Map<string, string> {
  const checked = new Map<string, string>()
  for (const [name, key] of Object.entries(mappings)) {
    if (!name.startsWith('-')) throw hostingErrors.switchWithoutDash(name)
    if (checked.has(name.toLowerCase())) throw hostingErrors.switchMappedTwice(name)
    checked.set(name.toLowerCase(), key)
  }
  return checked
}
