import { AggregateException, ChangeListeners } from '@windhover/core'
import { describe, expect, it } from 'vitest'

describe('ChangeListeners', () => {
  it('calls everyone in order until disposed, also the same function twice', () => {
    const calls: string[] = []
    const listeners = new ChangeListeners()
    const say = () => calls.push('twice')
    listeners.add(say)
    const registration = listeners.add(() => calls.push('once'))
    listeners.add(say)
    listeners.notify()
    registration[Symbol.dispose]()
    registration[Symbol.dispose]()
    listeners.notify()
    expect(calls).toEqual(['twice', 'once', 'twice', 'twice', 'twice'])
  })

  it('calls the others when one throws, and throws its error afterwards', () => {
    const listeners = new ChangeListeners()
    const error = new Error('first')
    let called = false
    listeners.add(() => {
      throw error
    })
    listeners.add(() => {
      called = true
    })
    expect(() => listeners.notify()).toThrow(error)
    expect(called).toBe(true)
  })

  it('throws several errors as one', () => {
    const listeners = new ChangeListeners()
    for (const message of ['one', 'two']) {
      listeners.add(() => {
        throw new Error(message)
      })
    }
    expect(() => listeners.notify()).toThrowError(AggregateException)
  })
})
