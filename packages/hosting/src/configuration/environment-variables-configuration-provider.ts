import { foldConfigurationKey } from '@windhover/core'
import { ConfigurationData } from './configuration-data.ts'
import { ConfigurationProvider } from './configuration-provider.ts'

/** The variables that Azure App Service makes of its connection strings begin so. */
const connectionStringPrefixes = [
  'CUSTOMCONNSTR_',
  'SQLCONNSTR_',
  'SQLAZURECONNSTR_',
  'MYSQLCONNSTR_',
  'POSTGRESQLCONNSTR_',
  'REDISCACHECONNSTR_',
  'DOCDBCONNSTR_',
  'SERVICEBUSCONNSTR_',
  'EVENTHUBCONNSTR_',
  'NOTIFICATIONHUBCONNSTR_',
  'APIHUBCONNSTR_',
]

/**
 * Configuration from environment variables that begin with a prefix (in any case), which is cut off. `__` stands for `:`, in the prefix too.
 * `SQLCONNSTR_db` and its like become `ConnectionStrings:db`. (.NET: EnvironmentVariablesConfigurationProvider)
 */
export class EnvironmentVariablesConfigurationProvider extends ConfigurationProvider {
  readonly #prefix: string
  readonly #variables: Readonly<Record<string, string | undefined>>

  constructor(prefix = '', variables: Readonly<Record<string, string | undefined>> = process.env) {
    super()
    this.#prefix = foldConfigurationKey(normalize(prefix))
    this.#variables = variables
  }

  override load(): void {
    const data = new ConfigurationData()
    for (const [name, value] of Object.entries(this.#variables)) {
      const key = keyOf(name)
      if (value !== undefined && foldConfigurationKey(key).startsWith(this.#prefix)) data.set(key.slice(this.#prefix.length), value)
    }
    this.data = data
  }
}

function keyOf(name: string): string {
  const upper = name.toUpperCase()
  const prefix = connectionStringPrefixes.find(candidate => upper.startsWith(candidate))
  return prefix === undefined ? normalize(name) : `ConnectionStrings:${normalize(name.slice(prefix.length))}`
}

function normalize(name: string): string {
  return name.replaceAll('__', ':')
}
