import { PathString } from '@windhover/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRequestTarget } from '../../packages/hosting/src/node-server/request-target.ts'
import { fuzz } from './support/fuzz.ts'

const runs = fuzz(3_000)
const segment = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom(
    '',
    '.',
    '..',
    '...',
    '%2e',
    '%2E%2e',
    '%2f',
    '%252e',
    '%',
    '%c0%af',
    'admin',
    'ADMIN',
    'é',
    '😀',
    'a b',
    'a;b',
    '\\',
    '?',
    '#',
  ),
)
/** Any path: empty, or beginning with a slash. */
const path = fc.oneof(
  { weight: 1, arbitrary: fc.constant('') },
  { weight: 9, arbitrary: fc.array(segment, { minLength: 1, maxLength: 5 }).map(parts => `/${parts.join('/')}`) },
)
const ascii = fc.array(fc.constantFrom('/', 'a', 'B', 'c', '.', '-', '/x'), { maxLength: 8 }).map(parts => `/${parts.join('')}`)
const slashes = (text: string): number => text.split('/').length

describe('PathString keeps its laws', () => {
  it('toUriComponent gives what a URI may hold, and changes it no further', () => {
    fc.assert(
      fc.property(path, value => {
        const encoded = PathString.toUriComponent(value)
        expect(encoded).toMatch(/^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*$/)
        expect(PathString.toUriComponent(encoded)).toBe(encoded)
        expect(slashes(encoded)).toBe(slashes(value))
      }),
      runs,
    )
  })

  it('fromUriComponent finds the way back from toUriComponent', () => {
    fc.assert(
      fc.property(path, value => {
        // What looks like an escape in a path is taken for one.
        fc.pre(!/%[0-9A-Fa-f]{2}/.test(value) && !value.includes('\0'))
        expect(PathString.fromUriComponent(PathString.toUriComponent(value))).toBe(value)
      }),
      runs,
    )
  })

  it('fromUriComponent makes no segments, and refuses NUL alone', () => {
    fc.assert(
      fc.property(path, value => {
        if (/%00/.test(value)) expect(() => PathString.fromUriComponent(value)).toThrow()
        else expect(slashes(PathString.fromUriComponent(value))).toBe(slashes(value))
      }),
      runs,
    )
  })

  it('startsWithSegments splits a path between two segments, or not at all', () => {
    fc.assert(
      fc.property(ascii, ascii, fc.constantFrom('ordinal' as const, 'ordinal-ignore-case' as const), (value, other, comparison) => {
        const match = PathString.startsWithSegments(value, other, comparison)
        const [own, others] = comparison === 'ordinal' ? [value, other] : [value.toLowerCase(), other.toLowerCase()]
        const starts = own === others || own.startsWith(`${others}/`)
        expect(match).toEqual(starts ? { matched: value.slice(0, other.length), remaining: value.slice(other.length) } : undefined)
      }),
      runs,
    )
  })

  it('startsWithSegments finds the first part of what add has put together, for any text', () => {
    fc.assert(
      fc.property(path, path, (base, rest) => {
        fc.pre(!base.endsWith('/'))
        const sum = PathString.add(base, rest)
        expect(sum).toBe(base + rest)
        expect(PathString.startsWithSegments(sum, base)).toEqual({ matched: base, remaining: rest })
      }),
      runs,
    )
  })

  it('add has a neutral element and does not care where one begins', () => {
    fc.assert(
      fc.property(path, path, path, (a, b, c) => {
        expect([PathString.add(a, ''), PathString.add('', a), PathString.add(undefined, a), PathString.add(a, null)]).toEqual([a, a, a, a])
        expect(PathString.add(PathString.add(a, b), c)).toBe(PathString.add(a, PathString.add(b, c)))
      }),
      runs,
    )
  })

  it('equals is an equivalence that follows the case of letters only when told to', () => {
    fc.assert(
      fc.property(path, path, (a, b) => {
        expect(PathString.equals(a, a)).toBe(true)
        expect(PathString.equals(a, b)).toBe(PathString.equals(b, a))
        expect(PathString.equals(a, b, 'ordinal')).toBe(a === b)
        if (/^[\0-\x7f]*$/.test(a)) expect(PathString.equals(a.toUpperCase(), a.toLowerCase())).toBe(true)
      }),
      runs,
    )
  })
})

it('whatever the target of a request is, the path has no dot segment, begins with a slash, and is decoded no further', () => {
  const target = fc
    .array(fc.oneof(segment, fc.constantFrom('/', '//', '/./', '/../', '/%2e%2e/', '/.%2e/', '/%2e/')), { maxLength: 6 })
    .map(parts => `/${parts.join('')}`)
  fc.assert(
    fc.property(target, value => {
      const parsed = parseRequestTarget(value, 'GET')
      if ('statusCode' in parsed) {
        expect(/%00|[^\0-\x7f]/.test(value)).toBe(true)
        return
      }
      expect(parsed.path[0]).toBe('/')
      expect(parsed.path.split('/').filter(part => part === '.' || part === '..')).toEqual([])
      expect(value.includes('?') ? value.endsWith(parsed.queryString) : parsed.queryString === '').toBe(true)
    }),
    runs,
  )
})
