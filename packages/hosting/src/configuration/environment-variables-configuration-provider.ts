import { foldConfigurationKey } from '@windhover/core'
import { ConfigurationData } from './configuration-data.ts'
import { ConfigurationProvider } from './configuration-provider.ts'

/** The variables that Azure App Service makes of its connection strings begin so; of some it tells the library that reads them. */
const connectionStringPrefixes: ReadonlyMap<string, string | undefined> = new Map([
  ['CUSTOMCONNSTR_', undefined],
  ['SQLCONNSTR_', 'System.Data.SqlClient'],
  ['SQLAZURECONNSTR_', 'System.Data.SqlClient'],
  ['MYSQLCONNSTR_', 'MySql.Data.MySqlClient'],
  ['POSTGRESQLCONNSTR_', 'Npgsql'],
  ['REDISCACHECONNSTR_', undefined],
  ['DOCDBCONNSTR_', undefined],
  ['SERVICEBUSCONNSTR_', undefined],
  ['EVENTHUBCONNSTR_', undefined],
  ['NOTIFICATIONHUBCONNSTR_', undefined],
  ['APIHUBCONNSTR_', undefined],
])

/**
 * Configuration from environment variables that begin with a prefix (in any case), which is cut off. `__` stands for `:`, in the prefix too.
 * `SQLCONNSTR_db` and its like become `ConnectionStrings:db`, and where the kind of database is known `ConnectionStrings:db_ProviderName`. (.NET: EnvironmentVariablesConfigurationProvider)
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
      if (value === undefined) continue
      for (const [key, text] of entriesOf(name, value)) {
        if (foldConfigurationKey(key).startsWith(this.#prefix)) data.set(key.slice(this.#prefix.length), text)
      }
    }
    this.data = data
  }
}

function entriesOf(name: string, value: string): [key: string, value: string][] {
  const upper = name.toUpperCase()
  for (const [prefix, library] of connectionStringPrefixes) {
    if (!upper.startsWith(prefix)) continue
    const key = `ConnectionStrings:${normalize(name.slice(prefix.length))}`
    return library === undefined
      ? [[key, value]]
      : [
          [key, value],
          [`${key}_ProviderName`, library],
        ]
  }
  return [[normalize(name), value]]
}

function normalize(name: string): string {
  return name.replaceAll('__', ':')
}
