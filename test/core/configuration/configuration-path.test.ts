import { ConfigurationPath } from '@windhover/core'
import { describe, expect, it } from 'vitest'

describe('ConfigurationPath', () => {
  it('joins segments with colons', () => {
    expect(ConfigurationPath.combine('Logging', 'LogLevel', 'Default')).toBe('Logging:LogLevel:Default')
  })

  it.each([
    ['a:b:c', 'c', 'a:b'],
    ['a', 'a', undefined],
    ['', '', undefined],
    ['a:', '', 'a'],
  ])('splits %j into its last segment %j and its parent %j', (path, key, parent) => {
    expect(ConfigurationPath.getSectionKey(path)).toBe(key)
    expect(ConfigurationPath.getParentPath(path)).toBe(parent)
  })
})
