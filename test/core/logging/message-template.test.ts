import { MessageTemplate } from '@windhover/core'
import { describe, expect, it } from 'vitest'

const format = (template: string, ...args: unknown[]) => MessageTemplate.parse(template).format(args)

describe('MessageTemplate', () => {
  it('names its holes in order, repetitions included', () => {
    expect(MessageTemplate.parse('{A} {B,5} {A:0.0} {@C} { D }').names).toEqual(['A', 'B', 'A', '@C', ' D '])
  })

  it.each([
    ['braces that are written twice', '{{{A}}} {{B}}', [1], '{1} {B}'],
    ['alignment to the left and right', '[{A,4}|{B,-4}]', [1, 2], '[   1|2   ]'],
    ['a value longer than its alignment', '{A,2}', ['long'], 'long'],
    ['alignment and format together', '{A,8:0.00}|', [1.5], '    1.50|'],
    ['a colon in a format', '{A:HH:mm}', [new Date(2024, 0, 2, 3, 4)], '03:04'],
    ['surplus arguments', '{A}', [1, 2, 3], '1'],
    ['a text without holes', 'none', [1], 'none'],
    ['braces that are written twice in a text without holes', '{{none}}', [1], '{{none}}'],
    ['a hole without a name', '{}', ['x'], 'x'],
  ])('formats %s', (_name, template, args, expected) => {
    expect(format(template, ...args)).toBe(expected)
  })

  it.each(['{', '}', '{A', 'A}', '{A}}', '{{A}', '{A{B}', '{A,x}', '{A,}', '{A:{0}'])('refuses %j and says where', template => {
    expect(() => MessageTemplate.parse(template)).toThrowError(
      expect.objectContaining({ code: 'WINDHOVER_ERR_MESSAGE_TEMPLATE', message: expect.stringMatching(/position \d+/) }),
    )
  })

  it('names the hole that has no argument', () => {
    expect(() => format('{A} {B} {C}', 1)).toThrowError(/\{B\}.*given 1/)
  })

  it('lets the caller change the texts of the arguments, before they are aligned', () => {
    expect(MessageTemplate.parse('a{A,4}b').format(['x'], text => `<${text}>`)).toBe('a <x>b')
  })

  it('parses a template once', () => {
    expect(MessageTemplate.parse('once {A}')).toBe(MessageTemplate.parse('once {A}'))
  })

  it('keeps a bounded number of templates, and still reads more', () => {
    for (let index = 0; index < 3000; index++) expect(format(`{A} ${index}`, 'x')).toBe(`x ${index}`)
    expect(MessageTemplate.parse('{A} 2999')).not.toBe(MessageTemplate.parse('{A} 2999'))
  })
})
