import { compareConfigurationKeys, foldConfigurationKey } from '@windhover/core'
import { describe, expect, it } from 'vitest'

describe('compareConfigurationKeys', () => {
  it('puts numbers by value before texts, and texts in order without regard to case', () => {
    expect(['b', '10', 'A', '9', '-1', 'a2', 'C'].sort(compareConfigurationKeys)).toEqual(['-1', '9', '10', 'A', 'a2', 'b', 'C'])
  })

  it('compares segment by segment, the shorter path first', () => {
    expect(['a:10:x', 'a:b', 'a:9:y', 'a', 'A:9'].sort(compareConfigurationKeys)).toEqual(['a', 'A:9', 'a:9:y', 'a:10:x', 'a:b'])
  })

  it('takes a number of more than 32 bits for a text', () => {
    expect(['99999999999', '1x', '10'].sort(compareConfigurationKeys)).toEqual(['10', '1x', '99999999999'])
  })

  it('leaves empty segments out', () => {
    expect(compareConfigurationKeys('a::b', 'a:b')).toBe(0)
  })

  it('sorts the underscore behind the letters, as an ordinal comparison of upper case does', () => {
    expect(compareConfigurationKeys('a_', 'ab')).toBeGreaterThan(0)
  })
})

describe('foldConfigurationKey', () => {
  it('makes keys that differ only in case equal', () => {
    expect(foldConfigurationKey('Äpfel:Größe')).toBe(foldConfigurationKey('äPFEL:gRößE'))
  })

  it('keeps letters whose upper case is longer, so that different keys stay different', () => {
    expect(foldConfigurationKey('maß')).not.toBe(foldConfigurationKey('mass'))
    expect(foldConfigurationKey('ﬁx')).toHaveLength(2)
  })
})
