import { ArgumentException, HostString } from '@windhover/core'
import { describe, expect, it } from 'vitest'

/** The recorded tables of ASP.NET Core cover parsing, ports and patterns: tables-parity.test.ts. */
describe('HostString', () => {
  it.each([
    ['xn--bcher-kva.example', 'bücher.example'],
    ['xn--bcher-kva.example:8080', 'bücher.example:8080'],
    ['EXAMPLE.org:80', 'EXAMPLE.org:80'],
    ['[::1]:80', '[::1]:80'],
    ['xn--a-ecp.ru', 'xn--a-ecp.ru'],
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

  it('raises an argument error for a name that has no punycode', () => {
    expect(() => new HostString('é\ud800').toUriComponent()).toThrow(ArgumentException)
  })

  it.each([
    ['h:99999999999999999999', 'h', 1e20],
    ['h:8x', 'h', undefined],
    ['', '', undefined],
  ])('reads %s as host %j and port %s', (value, host, port) => {
    expect([new HostString(value).host, new HostString(value).port]).toEqual([host, port])
  })
})
