import { LogLevel, LogValues } from '@windhover/core'
import { LoggerColorBehavior, type SimpleConsoleFormatterOptions } from '@windhover/hosting'
import { describe, expect, it } from 'vitest'
import { type EntryParts, formatEntry } from './format-entry.ts'

const format = (parts: EntryParts, options: Partial<SimpleConsoleFormatterOptions> = {}) =>
  formatEntry(
    'simple',
    logging => logging.addSimpleConsole(simple => Object.assign(simple, { colorBehavior: LoggerColorBehavior.Disabled }, options)),
    parts,
  )

describe('the simple console formatter', () => {
  it('keeps the line breaks of a template and shows those of its arguments', () => {
    expect(format({ message: 'GET {Path}\nfrom {Host}', args: ['/a\r\ninfo: Forged[0]', 'b\nc'] })).toBe(
      'info: A[0]\n      GET /a\\r\\ninfo: Forged[0]\n      from b\\nc\n',
    )
  })

  it.each([
    ['ESC', '\u001b[2J', '\\u001b[2J'],
    ['carriage return', 'a\rb', 'a\\rb'],
    ['backspace', 'a\bb', 'a\\u0008b'],
    ['NUL', 'a\0b', 'a\\u0000b'],
    ['DEL', 'a\u007fb', 'a\\u007fb'],
    ['the one-character CSI', '\u009b2J', '\\u009b2J'],
    ['the line separator', 'a\u2028b', 'a\\u2028b'],
    ['a mark that turns the direction of writing', 'a\u202eb', 'a\\u202eb'],
    ['nothing else', 'tab\té😀\\', 'tab\té😀\\'],
  ])('escapes %s, wherever it comes from', (_name, text, shown) => {
    expect(format({ message: '{A}', args: [text] })).toBe(`info: A[0]\n      ${shown}\n`)
    expect(format({ message: text })).toBe(`info: A[0]\n      ${shown}\n`)
    expect(format({ message: 'x', category: text })).toBe(`info: ${shown}[0]\n      x\n`)
    expect(format({ message: 'x', scopes: [text] }, { includeScopes: true })).toBe(`info: A[0]\n      => ${shown}\n      x\n`)
    expect(format({ message: 'x', exception: Object.assign(new Error(), { stack: text }) })).toBe(`info: A[0]\n      x\n      ${shown}\n`)
  })

  it('escapes in elements of lists, in objects and in what toString gives', () => {
    const hostile = { toString: () => 'a\nb' }
    expect(format({ message: '{A} {B}', args: [['x\ny'], hostile] })).toBe('info: A[0]\n      x\\ny a\\nb\n')
  })

  it('indents a line break of Windows like any other', () => {
    expect(format({ message: 'a\r\nb' })).toBe('info: A[0]\n      a\n      b\n')
  })

  it('shows scopes made of templates, texts, objects, maps and classes', () => {
    class Ticket {
      toString(): string {
        return 'ticket 7'
      }
    }
    const scopes = [new LogValues('order {Id}', [1]), 'plain', { RequestId: 'r', Count: 2 }, new Map([['Key', 'value']]), new Ticket()]
    expect(format({ message: 'x', scopes }, { includeScopes: true })).toBe(
      'info: A[0]\n      => order 1 => plain => RequestId:r, Count:2 => Key:value => ticket 7\n      x\n',
    )
  })

  it('colours the level only', () => {
    const [first] = format({ message: 'x', level: LogLevel.Error }, { colorBehavior: LoggerColorBehavior.Enabled }).split('\n')
    expect(first).toBe('\u001b[41m\u001b[30mfail\u001b[39m\u001b[22m\u001b[49m: A[0]')
  })

  it('shows no colours where the output is no terminal', () => {
    expect(process.stdout.isTTY).not.toBe(true)
    expect(format({ message: 'x' }, { colorBehavior: LoggerColorBehavior.Default })).toBe('info: A[0]\n      x\n')
  })

  it('puts the time in front', () => {
    expect(format({ message: 'x' }, { timestampFormat: 'yyyy-MM-ddTHH:mm:ssK ', useUtcTimestamp: true })).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ info: A\[0\]\n {6}x\n$/,
    )
  })
})

describe('exceptions on the console', () => {
  const shown = (exception: unknown) => format({ message: '', exception }).replace('info: A[0]\n', '')
  const errorOf = (stack: string, rest: object = {}) => Object.assign(new Error(), { stack }, rest)

  it('come with their code, their causes and each of several errors', () => {
    const inner = errorOf('Inner: i')
    const error = errorOf('Outer: o\n    at here', { code: 'ERR_X', cause: errorOf('Cause: c', { cause: inner }) })
    expect(shown(error)).toBe('      Outer: o\n          at here\n      [code]: ERR_X\n      [cause]: Cause: c\n      [cause]: Inner: i\n')
    expect(shown(Object.assign(new AggregateError([inner, errorOf('Second: s')]), { stack: 'Many: m' }))).toBe(
      '      Many: m\n      [errors 0]: Inner: i\n      [errors 1]: Second: s\n',
    )
  })

  it('come without other properties, which may be secret', () => {
    expect(shown(errorOf('HttpError: 401', { config: { headers: { authorization: 'Bearer secret' } } }))).toBe('      HttpError: 401\n')
  })

  it('whose causes go in a circle end', () => {
    const error = errorOf('Round: r')
    error.cause = error
    expect(shown(error).split('\n').length).toBeLessThan(15)
  })

  it.each([
    ['a text', 'boom', 'boom'],
    ['an object', { code: 1 }, '{ code: 1 }'],
    ['an error without a stack', Object.assign(new RangeError('far'), { stack: undefined }), 'RangeError: far'],
  ])('may be %s', (_name, exception, expected) => {
    expect(shown(exception)).toBe(`      ${expected}\n`)
  })
})
