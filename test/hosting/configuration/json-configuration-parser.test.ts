import { InvalidOperationException } from '@windhover/core'
import { ConfigurationBuilder } from '@windhover/hosting'
import { describe, expect, it } from 'vitest'

const read = (text: string) => Object.fromEntries(new ConfigurationBuilder().addJsonStream(text).build().asEnumerable())

describe('JSON configuration', () => {
  it('skips blanks, both kinds of comments and trailing commas', () => {
    const text = '\ufeff // top\r\n{ /* a */ "a" : /* multi\nline */ [ 1, /* c */ 2, ], // end\n "b": { "c": "//no comment", }, }\n/**/'
    expect(read(text)).toEqual({ a: undefined, 'a:0': '1', 'a:1': '2', b: undefined, 'b:c': '//no comment' })
  })

  it('raises an invalid-operation error for half a surrogate pair', () => {
    expect(() => read('{"a":"\\ud83d"}')).toThrow(InvalidOperationException)
  })

  it('reads escapes in names and values', () => {
    expect(read('{"\\u0061\\"":"\\\\ \\" \\ud83d\\ude00"}')).toEqual({ 'a"': '\\ " 😀' })
  })

  it.each([
    ['an object that does not end', '{"a":1', 'line 1, column 7'],
    ['a list that does not end', '{"a":[1', 'line 1, column 8'],
    ['a text that does not end', '{"a":"b}', 'line 1, column 6'],
    ['a comment that does not end', '{"a":1 /* }', 'line 1, column 8'],
    ['a line break in a text', '{"a":"b\nc"}', 'line 1, column 6'],
    ['an unknown escape', '{"a":"\\x"}', 'line 1, column 6'],
    ['a comma too many', '{"a":1,,"b":2}', 'line 1, column 8'],
    ['a missing comma', '{"a":1\n "b":2}', 'line 2, column 2'],
    ['a comment in front of the colon', '{"a" /* b */ : 1}', 'line 1, column 6'],
    ['a missing colon', '{"a" 1}', 'line 1, column 6'],
    ['a number with a leading zero', '{"a":01}', 'line 1, column 7'],
    ['a number without digits', '{"a":-}', 'line 1, column 6'],
    ['a number that begins with a point', '{"a":.5}', 'line 1, column 6'],
    ['a literal in upper case', '{"a":True}', 'line 1, column 6'],
    ['a doubled key', '{"a":{"b":1},\n"A":{"B":2}}', 'line 2, column 11'],
    ['something after the end', '{}{}', 'line 1, column 3'],
  ])('refuses %s and says where', (_name, text, place) => {
    expect(() => read(text)).toThrowError(expect.objectContaining({ name: 'FormatException', message: expect.stringContaining(place) }))
  })

  it('takes 64 levels and refuses 65', () => {
    const nested = (levels: number) => `{"a":${'['.repeat(levels - 1)}1${']'.repeat(levels - 1)}}`
    expect(Object.values(read(nested(64)))).toContain('1')
    expect(() => read(nested(65))).toThrowError(/64 levels/)
  })

  it('reads long texts and large files', () => {
    const long = 'x'.repeat(2 ** 20)
    expect(read(JSON.stringify({ long })).long).toHaveLength(2 ** 20)
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`key${index}`, index]))
    expect(new ConfigurationBuilder().addJsonStream(JSON.stringify(many)).build().get('key4999')).toBe('4999')
  })

  it('takes bytes, and refuses those that are no UTF-8', () => {
    const bytes = new TextEncoder().encode('{"a":"é"}')
    expect(new ConfigurationBuilder().addJsonStream(bytes).build().get('a')).toBe('é')
    expect(() => new ConfigurationBuilder().addJsonStream(new Uint8Array([0x7b, 0xff, 0x7d])).build()).toThrowError(/UTF-8/)
  })
})
