import { createFeatureKey, FeatureCollection, InvalidOperationException, ObjectDisposedException } from '@windhover/core'
import { describe, expect, it } from 'vitest'

interface Colour {
  readonly name: string
}

const Colour = createFeatureKey<Colour>('test.Colour')
const Size = createFeatureKey<number>('test.Size')
const red: Colour = { name: 'red' }
const blue: Colour = { name: 'blue' }

describe('FeatureCollection', () => {
  it('gives what the source offers', () => {
    expect(new FeatureCollection({ [Colour]: red }).get(Colour)).toBe(red)
    expect(new FeatureCollection().get(Colour)).toBeUndefined()
  })

  it('reads the source each time, for the source may make its features on first use', () => {
    let made = 0
    const features = new FeatureCollection({
      get [Size]() {
        return ++made
      },
    })
    expect(made).toBe(0)
    expect([features.get(Size), features.get(Size)]).toEqual([1, 2])
  })

  it('hides what the source offers behind what was set, also behind undefined', () => {
    const features = new FeatureCollection({ [Colour]: red })
    features.set(Colour, blue)
    expect(features.get(Colour)).toBe(blue)
    features.set(Colour, undefined)
    expect(features.get(Colour)).toBeUndefined()
  })

  it('names a required feature that is missing', () => {
    const features = new FeatureCollection()
    expect(() => features.getRequired(Colour)).toThrow(InvalidOperationException)
    expect(() => features.getRequired(Colour)).toThrow('"test.Colour"')
  })

  it('counts its changes', () => {
    const features = new FeatureCollection()
    const before = features.revision
    features.set(Colour, red)
    const after = features.revision
    features.close()
    expect([after > before, features.revision > after]).toEqual([true, true])
  })

  it('lists each feature once, with those of the source and of its prototypes, without what was taken away', () => {
    class Source {
      get [Size](): number {
        return 1
      }
    }
    const source = Object.assign(Object.create(new Source()), { [Colour]: red, [Symbol('other')]: 1 })
    const features = new FeatureCollection(source)
    expect([...features]).toEqual([
      [Colour, red],
      [Size, 1],
    ])
    features.set(Colour, blue)
    features.set(Size, undefined)
    expect([...features]).toEqual([[Colour, blue]])
  })

  it('takes a source without a prototype', () => {
    const source = Object.assign(Object.create(null), { [Colour]: red })
    expect([...new FeatureCollection(source)]).toEqual([[Colour, red]])
  })

  it.each<[string, (features: FeatureCollection) => unknown]>([
    ['get', features => features.get(Colour)],
    ['getRequired', features => features.getRequired(Colour)],
    ['set', features => features.set(Colour, red)],
    ['iteration', features => [...features]],
  ])('raises an object-disposed error for %s after the end of the request', (_name, use) => {
    const features = new FeatureCollection({ [Colour]: red })
    features.close()
    expect(features.isClosed).toBe(true)
    expect(() => use(features)).toThrow(ObjectDisposedException)
  })

  it('gives two copies of a package the same key for the same name', () => {
    expect(createFeatureKey('test.Colour')).toBe(Colour)
  })
})
