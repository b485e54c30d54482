import { ConfigurationBuilder } from '@windhover/hosting'
import { describe, expect, it } from 'vitest'

const keysOf = (variables: Record<string, string | undefined>, prefix?: string) =>
  Object.fromEntries(
    [...new ConfigurationBuilder().addEnvironmentVariables(prefix, variables).build().asEnumerable()].filter(
      ([, value]) => value !== undefined,
    ),
  )

describe('addEnvironmentVariables', () => {
  it('reads those of the process by default, again at each reload', () => {
    process.env.WINDHOVER_TEST_A = '1'
    const configuration = new ConfigurationBuilder().addEnvironmentVariables('WINDHOVER_TEST_').build()
    expect(configuration.get('a')).toBe('1')
    process.env.WINDHOVER_TEST_A = '2'
    configuration.reload()
    expect(configuration.get('a')).toBe('2')
    delete process.env.WINDHOVER_TEST_A
  })

  it('reads all variables without a prefix', () => {
    expect(keysOf({ A__B: '1', c: '2', d: undefined })).toEqual({ 'A:B': '1', c: '2' })
  })

  it.each(['CUSTOMCONNSTR_db', 'REDISCACHECONNSTR_db'])('makes a connection string of %s', name => {
    expect(keysOf({ [name]: 'x' })).toEqual({ 'ConnectionStrings:db': 'x' })
    expect(keysOf({ [name]: 'x' }, 'ConnectionStrings__')).toEqual({ db: 'x' })
  })

  it.each([
    ['SQLCONNSTR_db', 'System.Data.SqlClient'],
    ['sqlazureconnstr_db', 'System.Data.SqlClient'],
    ['MYSQLCONNSTR_db', 'MySql.Data.MySqlClient'],
    ['POSTGRESQLCONNSTR_db', 'Npgsql'],
  ])('tells the library of %s beside its connection string', (name, library) => {
    expect(keysOf({ [name]: 'x' })).toEqual({ 'ConnectionStrings:db': 'x', 'ConnectionStrings:db_ProviderName': library })
    expect(keysOf({ [name]: 'x' }, 'ConnectionStrings__')).toEqual({ db: 'x', db_ProviderName: library })
  })
})
