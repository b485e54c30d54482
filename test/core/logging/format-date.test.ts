import { formatDate } from '@windhover/core'
import { describe, expect, it } from 'vitest'

const date = new Date(Date.UTC(2024, 1, 3, 14, 5, 6, 78))

describe('formatDate', () => {
  it.each([
    ['yyyy-MM-dd HH:mm:ss.fff', '2024-02-03 14:05:06.078'],
    ['yy M d H h m s f fffffff', '24 2 3 14 2 5 6 0 0780000'],
    ['dddd ddd d dd MMMM MMM', 'Saturday Sat 3 03 February Feb'],
    ['hh:mm tt t', '02:05 PM P'],
    ['zzz zz z K', '+00:00 +00 +0 Z'],
    ['HH\'h\' "day" \\d', '14h day d'],
    ['[HH:mm] ', '[14:05] '],
    ['O', '2024-02-03T14:05:06.078Z'],
  ])('writes %j as %j', (pattern, expected) => {
    expect(formatDate(date, pattern, true)).toBe(expected)
  })

  it.each([
    ['Asia/Kathmandu', '19:50 +05:45 +05 +5'],
    ['America/St_Johns', '10:35 -03:30 -03 -3'],
    ['UTC', '14:05 +00:00 +00 +0'],
  ])('writes the local time of %s with its offset', (zone, expected) => {
    const before = process.env.TZ
    process.env.TZ = zone
    try {
      expect(formatDate(date, 'HH:mm zzz zz z')).toBe(expected)
    } finally {
      if (before === undefined) delete process.env.TZ
      else process.env.TZ = before
    }
  })

  it('writes midnight as twelve', () => {
    expect(formatDate(new Date(Date.UTC(2024, 0, 1)), 'h tt', true)).toBe('12 AM')
  })

  it('does not throw for an invalid date', () => {
    expect(formatDate(new Date(Number.NaN), 'yyyy')).toBe('Invalid Date')
  })
})
