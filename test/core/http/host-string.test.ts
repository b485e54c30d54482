import { ArgumentException, ArgumentOutOfRangeException, FormatException, HostString } from '@windhover/core'
import { describe, expect, it } from 'vitest'

/** The recorded tables of ASP.NET Core cover parsing, ports and patterns: tables-parity.test.ts. */
describe('HostString', () => {
  it.each([
    ['xn--bcher-kva.example', 'bücher.example'],
    ['xn--bcher-kva.example:8080', 'bücher.example:8080'],
    ['EXAMPLE.org:80', 'EXAMPLE.org:80'],
    ['[::1]:80', '[::1]:80'],
    ['xn--a-ecp.ru', 'xn--a-ecp.ru'],
    ['xn--zzzzzzzz', 'xn--zzzzzzzz'],
  ])('from the URI component %s is %s', (component, value) => {
    expect(HostString.fromUriComponent(component).value).toBe(value)
  })

  it('compares without regard to case', () => {
    expect(new HostString('EXAMPLE.org').equals(new HostString('example.ORG'))).toBe(true)
    expect(new HostString('example.org').equals(new HostString('example.org:80'))).toBe(false)
  })

  it('is in punycode with its port as a URI component and as text', () => {
    expect(String(new HostString('bücher.example', 81))).toBe('xn--bcher-kva.example:81')
  })

  it.each([
    ['half a surrogate pair', 'é\ud800'],
    ['a control character', 'a\tb'],
    ['an empty label', 'é..x'],
    ['a label of 64 characters', `${'x'.repeat(64)}.é`],
    ['more than 255 characters', 'é.'.repeat(40)],
  ])('raises an argument error for a name with %s', (_name, host) => {
    expect(() => new HostString(host).toUriComponent()).toThrow(ArgumentException)
  })

  it.each([
    ['::1', '[::1]:80'],
    ['[::1]', '[::1]:80'],
    ['a:1', 'a:1:80'],
  ])('puts brackets around IPv6 only: %s with port 80 is %s', (host, value) => {
    expect(new HostString(host, 80).value).toBe(value)
  })

  it('refuses the port 0', () => {
    expect(() => new HostString('a', 0)).toThrow(ArgumentOutOfRangeException)
  })

  it('matches no pattern when its port is no number, but raises a format error', () => {
    expect(() => HostString.matchesAny('a:x', ['*'])).toThrow(FormatException)
  })

  it.each([
    ['h:2147483647', 'h', 2147483647],
    ['h:2147483648', 'h', undefined],
    ['[::1]x:80', '[::1]', undefined],
    ['h:8x', 'h', undefined],
    ['', '', undefined],
  ])('reads %s as host %j and port %s', (value, host, port) => {
    expect([new HostString(value).host, new HostString(value).port]).toEqual([host, port])
  })
})
