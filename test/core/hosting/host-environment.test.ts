import { HostEnvironment } from '@windhover/core'
import { describe, expect, it } from 'vitest'

class Environment extends HostEnvironment {
  readonly applicationName = 'test'
  readonly contentRootPath = '/'

  constructor(readonly environmentName: string) {
    super()
  }
}

describe('an environment', () => {
  it.each([
    ['Development', { development: true, staging: false, production: false }],
    ['development', { development: true, staging: false, production: false }],
    ['STAGING', { development: false, staging: true, production: false }],
    ['Production', { development: false, staging: false, production: true }],
    ['Dev', { development: false, staging: false, production: false }],
    [' Development', { development: false, staging: false, production: false }],
  ])('named %j knows what it is', (name, expected) => {
    const environment = new Environment(name)
    expect({
      development: environment.isDevelopment(),
      staging: environment.isStaging(),
      production: environment.isProduction(),
    }).toEqual(expected)
  })

  it.each([
    ['Test', 'test', true],
    ['Test', 'Tes', false],
    ['İ', 'i', false],
    ['', '', true],
  ])('%j is %j: %s', (name, other, expected) => {
    expect(new Environment(name).isEnvironment(other)).toBe(expected)
  })
})
