import { ConfigurationBuilder } from '@windhover/hosting'
import { describe, expect, it } from 'vitest'

describe('addCommandLine', () => {
  it('names the switch that needs a mapping', () => {
    expect(() => new ConfigurationBuilder().addCommandLine(['-p=1']).build()).toThrowError(/"-p"/)
  })

  it('maps switches with two dashes too', () => {
    const configuration = new ConfigurationBuilder().addCommandLine(['--db', 'x'], { '--DB': 'ConnectionStrings:db' }).build()
    expect(configuration.getConnectionString('db')).toBe('x')
  })

  it('is not affected by later changes of the list of arguments', () => {
    const args = ['--a', '1']
    const configuration = new ConfigurationBuilder().addCommandLine(args).build()
    args[1] = '2'
    configuration.reload()
    expect(configuration.get('a')).toBe('1')
  })

  it('takes keys such as __proto__ for what they are', () => {
    const configuration = new ConfigurationBuilder().addCommandLine(['--__proto__:x', '1', '--constructor', '2']).build()
    expect(configuration.get('__proto__:x')).toBe('1')
    expect(configuration.getChildren().map(child => child.key)).toEqual(['constructor', '__proto__'])
    expect(configuration.get('toString')).toBeUndefined()
  })
})
