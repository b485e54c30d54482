import { HttpContext, InvalidOperationException, RequestCookies } from '@windhover/core'
import { describe, expect, it } from 'vitest'

/** The recorded tables of ASP.NET Core cover the grammar: tables-parity.test.ts. */
describe('RequestCookies', () => {
  const cookies = RequestCookies.parse(['a=1; B=2', '__proto__=3; constructor=4'])

  it('reads like a map whose names ignore case', () => {
    expect([cookies.get('A'), cookies.get('b'), cookies.get('c')]).toEqual(['1', '2', null])
    expect([cookies.has('b'), cookies.has('toString')]).toEqual([true, false])
    expect(cookies.get('__proto__')).toBe('3')
    expect([...cookies.keys()]).toEqual(['a', 'B', '__proto__', 'constructor'])
    expect(cookies.size).toBe(4)
  })

  it('takes time in proportion to the header', () => {
    const started = performance.now()
    RequestCookies.parse([`${'a="'.repeat(50_000)};${'=;'.repeat(50_000)}`])
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('ResponseCookies', () => {
  it('cuts maxAge, which is in milliseconds, to whole seconds', () => {
    const { response } = new HttpContext()
    response.cookies.append('a', '1', { maxAge: 1999 })
    expect(response.headers.setCookie).toEqual(['a=1; max-age=1; path=/'])
  })

  it('does not keep maxAge in a deletion, where it would win over expires', () => {
    const { response } = new HttpContext()
    response.cookies.delete('a', { maxAge: 60_000 })
    expect(response.headers.setCookie).toEqual(['a=; expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/'])
  })

  it('leaves what other names have when one is deleted', () => {
    const { response } = new HttpContext()
    response.cookies.append('ab', '1')
    response.cookies.append('a', '1', { domain: 'x' })
    response.cookies.delete('a', { domain: 'y' })
    expect(response.headers.setCookie.map(line => line.split(';')[0])).toEqual(['ab=1', 'a=1', 'a='])
  })

  it.each(['domain', 'path', 'extensions'] as const)('refuses a line break in %s', option => {
    const value = 'a\r\nSet-Cookie: b=1'
    const options = { [option]: option === 'extensions' ? [value] : value }
    expect(() => new HttpContext().response.cookies.append('a', '1', options)).toThrow(InvalidOperationException)
  })

  it.each([
    ['maxAge', { maxAge: Number.NaN }],
    ['maxAge', { maxAge: '60' as never }],
    ['expires', { expires: new Date(Number.NaN) }],
    ['expires', { expires: '2026-11-26' as never }],
    ['sameSite', { sameSite: 'Lax' as never }],
  ])('refuses a %s that makes no sense', (_option, options) => {
    const { response } = new HttpContext()
    expect(() => response.cookies.append('a', '1', options)).toThrow(expect.objectContaining({ name: 'ArgumentOutOfRangeException' }))
    expect(response.headers.size).toBe(0)
  })

  it.each([undefined, null, 5])('refuses the value %s, which is no text', value => {
    const { response } = new HttpContext()
    expect(() => response.cookies.append('a', value as never)).toThrow(expect.objectContaining({ code: 'WINDHOVER_ERR_COOKIE_VALUE' }))
    expect(response.headers.size).toBe(0)
  })
})
