import { ArgumentOutOfRangeException, HeaderDictionary, HeaderNames, InvalidOperationException } from '@windhover/core'
import { describe, expect, it } from 'vitest'

const received = () => new HeaderDictionary(['Host', 'h', 'X-A', '1', 'accept', 'text/html', 'x-a', '2, 3'])

describe('HeaderDictionary', () => {
  it.each([
    ['Host', 'h'],
    ['host', 'h'],
    ['ACCEPT', 'text/html'],
    ['x-a', '1, 2, 3'],
    ['x-b', null],
    ['', null],
    ['__proto__', null],
  ])('gets %j as %j', (name, value) => {
    expect(received().get(name)).toBe(value)
    expect(received().has(name)).toBe(value !== null)
  })

  it('gives the lines of a header one by one', () => {
    expect(received().getAll('X-a')).toEqual(['1', '2, 3'])
    expect(received().getAll('none')).toEqual([])
  })

  it('counts and lists a header of several lines once, in the spelling that came first', () => {
    const headers = received()
    expect(headers.size).toBe(3)
    expect([...headers.keys()]).toEqual(['Host', 'X-A', 'accept'])
    expect([...headers]).toEqual([
      ['Host', 'h'],
      ['X-A', '1, 2, 3'],
      ['accept', 'text/html'],
    ])
  })

  it('lists each line for the wire', () => {
    expect([...received().lines()]).toEqual([
      ['Host', 'h'],
      ['X-A', '1'],
      ['accept', 'text/html'],
      ['x-a', '2, 3'],
    ])
    expect(received().rawHeaders).toEqual(['Host', 'h', 'X-A', '1', 'accept', 'text/html', 'x-a', '2, 3'])
  })

  it('does not change the list that it was made from', () => {
    const raw = Object.freeze(['Host', 'h', 'X-A', '1'])
    const headers = new HeaderDictionary(raw)
    headers.set('host', 'other')
    headers.append('X-A', '2')
    headers.delete('Host')
    expect([...headers]).toEqual([['X-A', '1, 2']])
    expect(raw).toEqual(['Host', 'h', 'X-A', '1'])
  })

  it('replaces all lines by one, in the place and spelling of the first', () => {
    const headers = received()
    headers.set('x-A', 'new')
    expect(headers.rawHeaders).toEqual(['Host', 'h', 'X-A', 'new', 'accept', 'text/html'])
  })

  it('sets one line for each element of a list', () => {
    const headers = received()
    headers.set('X-A', ['4', '5'])
    expect(headers.getAll('x-a')).toEqual(['4', '5'])
  })

  it.each([null, undefined, []])('removes a header that is set to %j', value => {
    const headers = received()
    headers.set('x-a', value)
    expect([...headers.keys()]).toEqual(['Host', 'accept'])
  })

  it('keeps a header with an empty value', () => {
    const headers = new HeaderDictionary()
    headers.set('X-A', '')
    expect([...headers]).toEqual([['X-A', '']])
  })

  it('tells whether there was something to delete', () => {
    const headers = received()
    expect([headers.delete('X-a'), headers.delete('X-a')]).toEqual([true, false])
    headers.clear()
    expect(headers.size).toBe(0)
  })

  it.each(['plain', 'a\tb', ' lead', 'trail ', '"<>\\{}', '~'])('sets the value %j', value => {
    const headers = new HeaderDictionary()
    headers.set('X-A', value)
    expect(headers.get('X-A')).toBe(value)
  })

  it.each(['a\rb', 'a\nb', 'a\0', '\x7f', 'é', '你', '\x80'])('refuses the value %j, in every way to set it', value => {
    const headers = new HeaderDictionary()
    expect(() => headers.set('X-A', value)).toThrow(InvalidOperationException)
    expect(() => headers.set('X-A', ['ok', value])).toThrow(InvalidOperationException)
    expect(() => headers.append('X-A', value)).toThrow('"X-A"')
    expect(() => {
      headers.location = value
    }).toThrow(InvalidOperationException)
    expect(headers.size).toBe(0)
  })

  it.each(['', 'a b', 'a:', 'é', 'a\r\nb', '(a)'])('refuses the name %j', name => {
    const headers = new HeaderDictionary()
    expect(() => headers.set(name, 'x')).toThrow(InvalidOperationException)
    expect(() => headers.append(name, 'x')).toThrow(InvalidOperationException)
  })

  it.each<[string, (headers: HeaderDictionary) => void]>([
    ['set', headers => headers.set('X-A', '2')],
    ['a list', headers => headers.set('X-A', ['2'])],
    ['append', headers => headers.append('X-A', '2')],
    ['delete', headers => headers.delete('X-A')],
    ['clear', headers => headers.clear()],
    [
      'a property',
      headers => {
        headers.server = 'x'
      },
    ],
  ])('refuses %s once it is read-only', (_name, change) => {
    const headers = received()
    headers.makeReadOnly()
    expect(headers.isReadOnly).toBe(true)
    expect(() => change(headers)).toThrow(InvalidOperationException)
    expect(headers.get('x-a')).toBe('1, 2, 3')
  })
})

describe('the named headers of HeaderDictionary', () => {
  const names = Object.entries(HeaderNames).filter(([property]) => !['contentLength', 'setCookie'].includes(property))

  it.each(names)('%s reads, sets and removes %s', (property, name) => {
    const headers = new HeaderDictionary(['other', 'x', name.toUpperCase(), 'sent'])
    const named = headers as unknown as Record<string, string | undefined>
    expect(named[property]).toBe('sent')
    named[property] = 'new'
    expect(headers.get(name)).toBe('new')
    named[property] = undefined
    expect(headers.has(name)).toBe(false)
    expect(named[property]).toBeUndefined()
  })

  it.each([
    ['5', 5],
    ['0', 0],
    ['', undefined],
    ['+1', undefined],
    ['-1', undefined],
    ['x', undefined],
    ['1, 1', undefined],
  ])('contentLength reads %j as %j', (text, value) => {
    expect(new HeaderDictionary(['content-length', text]).contentLength).toBe(value)
  })

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('contentLength refuses %d', value => {
    const headers = new HeaderDictionary()
    expect(() => {
      headers.contentLength = value
    }).toThrow(ArgumentOutOfRangeException)
  })

  it('contentLength sets and removes the header', () => {
    const headers = new HeaderDictionary()
    headers.contentLength = 12
    expect(headers.get('Content-Length')).toBe('12')
    headers.contentLength = undefined
    expect(headers.has('Content-Length')).toBe(false)
  })

  it('setCookie is a list of lines', () => {
    const headers = new HeaderDictionary()
    headers.append('Set-Cookie', 'a=1')
    headers.append('Set-Cookie', 'b=2')
    expect(headers.setCookie).toEqual(['a=1', 'b=2'])
    headers.setCookie = ['c=3']
    expect(headers.setCookie).toEqual(['c=3'])
  })

  describe('once they are compact', () => {
    function compacted(lines: readonly string[]): HeaderDictionary {
      const headers = new HeaderDictionary(lines)
      headers.compact()
      return headers
    }

    it('read as before', () => {
      const lines = ['Host', 'a.example', 'Accept', '', 'X-Name', 'Zoë', 'accept', 'text/html']
      const headers = compacted(lines)
      expect(headers.rawHeaders).toEqual(lines)
      expect(headers.get('accept')).toBe(', text/html')
      expect(headers.getAll('Accept')).toEqual(['', 'text/html'])
      expect(headers.get('x-name')).toBe('Zoë')
      expect(headers.has('host')).toBe(true)
      expect(headers.size).toBe(3)
      expect([...headers]).toEqual([
        ['Host', 'a.example'],
        ['Accept', ', text/html'],
        ['X-Name', 'Zoë'],
      ])
    })

    it('can be changed, and become compact again', () => {
      const headers = compacted(['Host', 'a.example'])
      headers.set('Accept', 'text/html')
      headers.compact()
      headers.compact()
      expect(headers.rawHeaders).toEqual(['Host', 'a.example', 'Accept', 'text/html'])
      headers.delete('Host')
      expect(headers.rawHeaders).toEqual(['Accept', 'text/html'])
    })

    it('are none when there were none', () => {
      const headers = compacted([])
      expect(headers.size).toBe(0)
      expect(headers.rawHeaders).toEqual([])
    })
  })

  it.each([undefined, null, 5])('refuses %s as a name', name => {
    expect(() => new HeaderDictionary().set(name as never, 'x')).toThrow(expect.objectContaining({ code: 'WINDHOVER_ERR_HEADER_NAME' }))
  })
})
