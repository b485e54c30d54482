import { ArgumentException, WebSocketMessage } from '@windhover/core'
import { describe, expect, it } from 'vitest'

describe('WebSocketMessage.prepare', () => {
  it.each([
    ['text', 'é', undefined, 'text', [0x81, 2, 0xc3, 0xa9]],
    ['bytes', Uint8Array.of(1, 2), undefined, 'binary', [0x82, 2, 1, 2]],
    ['bytes as text', Uint8Array.of(0x41), 'text' as const, 'text', [0x81, 1, 0x41]],
    ['text as bytes', 'A', 'binary' as const, 'binary', [0x82, 1, 0x41]],
    ['an empty text', '', undefined, 'text', [0x81, 0]],
    ['half a surrogate pair as U+FFFD', '\ud800', undefined, 'text', [0x81, 3, 0xef, 0xbf, 0xbd]],
  ])('encodes %s', (_name, data, type, expectedType, frame) => {
    const message = WebSocketMessage.prepare(data, type)
    expect(message.type).toBe(expectedType)
    expect([...message.frame]).toEqual(frame)
    expect([...message.payload]).toEqual(frame.slice(2))
  })

  it.each([
    [125, [0x82, 125]],
    [126, [0x82, 126, 0, 126]],
    [65_535, [0x82, 126, 255, 255]],
    [65_536, [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]],
  ])('writes the length %i in the shortest form', (length, header) => {
    const { frame, payload } = WebSocketMessage.prepare(new Uint8Array(length).fill(7))
    expect([...frame.subarray(0, header.length)]).toEqual(header)
    expect([frame.length, payload.length]).toEqual([header.length + length, length])
    expect(payload.every(byte => byte === 7)).toBe(true)
  })

  it('copies the bytes', () => {
    const data = Uint8Array.of(1)
    const message = WebSocketMessage.prepare(data)
    data[0] = 9
    expect([...message.payload]).toEqual([1])
  })

  it.each([undefined, null, 5, new ArrayBuffer(1)])('refuses %s as data', data => {
    expect(() => WebSocketMessage.prepare(data as never)).toThrow(expect.objectContaining({ code: 'WINDHOVER_ERR_MESSAGE_DATA' }))
  })

  it('refuses another type', () => {
    expect(() => WebSocketMessage.prepare('x', 'close' as never)).toThrow(ArgumentException)
  })
})
