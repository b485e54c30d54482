import { LogLevel, LogValues } from '@windhover/core'
import type { JsonConsoleFormatterOptions } from '@windhover/hosting'
import { describe, expect, it } from 'vitest'
import { type EntryParts, formatEntry } from './format-entry.ts'

const format = (parts: EntryParts, options: Partial<JsonConsoleFormatterOptions> = {}) =>
  formatEntry('json', logging => logging.addJsonConsole(json => Object.assign(json, options)), parts)

describe('the JSON console formatter', () => {
  it('writes one line with the arguments by name', () => {
    const line = format({
      message: '{Name} is {Age} {Ok} {None} {At}',
      args: ['x\ny', 7, true, null, new Date(0)],
      level: LogLevel.Warning,
    })
    expect(line.endsWith('}\n')).toBe(true)
    expect(line.indexOf('\n')).toBe(line.length - 1)
    expect(JSON.parse(line)).toEqual({
      EventId: 0,
      LogLevel: 'Warning',
      Category: 'A',
      Message: 'x\ny is 7 True (null) 1970-01-01T00:00:00.000Z',
      State: {
        Message: 'x\ny is 7 True (null) 1970-01-01T00:00:00.000Z',
        Name: 'x\ny',
        Age: 7,
        Ok: true,
        None: null,
        At: '1970-01-01T00:00:00.000Z',
        '{OriginalFormat}': '{Name} is {Age} {Ok} {None} {At}',
      },
    })
  })

  it('writes the exception, the scopes and the time when asked for', () => {
    const scopes = [new LogValues('order {Id}', [1]), 'plain', { RequestId: 'r' }]
    const exception = Object.assign(new Error(), { stack: 'Boom: b' })
    const entry = JSON.parse(format({ message: 'x', scopes, exception }, { includeScopes: true, timestampFormat: 'yyyy' }))
    expect(entry.Exception).toBe('Boom: b')
    expect(entry.Timestamp).toMatch(/^\d{4}$/)
    expect(entry.Scopes).toEqual([
      { Message: 'order 1', Id: 1, '{OriginalFormat}': 'order {Id}' },
      'plain',
      { Message: 'RequestId:r', RequestId: 'r' },
    ])
  })

  it('lets no control character through, and stays JSON', () => {
    const line = format({ message: '{A}', args: ['\u001b\u009b\u007f\u2028\u202e'] })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(line.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u202e]/)
    expect(JSON.parse(line).State.A).toBe('\u001b\u009b\u007f\u2028\u202e')
  })

  it.each([
    ['numbers that JSON does not have', Number.NaN, 'NaN'],
    ['large whole numbers', 10n ** 30n, '1000000000000000000000000000000'],
    ['objects', { a: 1 }, '{ a: 1 }'],
    ['undefined', undefined, null],
  ])('writes %s as what they read', (_name, value, expected) => {
    expect(JSON.parse(format({ message: '{A}', args: [value] })).State.A).toBe(expected)
  })

  it('takes a hole named __proto__ for what it is', () => {
    const line = format({ message: '{__proto__}', args: ['x'] })
    expect(line).toContain('"__proto__":"x"')
  })
})
