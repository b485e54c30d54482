import { HttpContext, InvalidOperationException } from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { newBuilder } from './new-builder.ts'

describe('app.use', () => {
  it('runs forwards in the order of registration and backwards on the way out', async () => {
    const trace: string[] = []
    const app = newBuilder()
    for (const name of ['a', 'b']) {
      app.use(async (_context, next) => {
        trace.push(`${name}>`)
        await next()
        trace.push(`<${name}`)
      })
    }
    app.run(() => void trace.push('end'))
    await app.build()(new HttpContext())
    expect(trace).toEqual(['a>', 'b>', 'end', '<b', '<a'])
  })

  it('ends the pipeline where next is not called', async () => {
    let reached = false
    const app = newBuilder()
    app.use(async () => {})
    app.run(() => {
      reached = true
    })
    await app.build()(new HttpContext())
    expect(reached).toBe(false)
  })

  it('hands an error to the middleware before it', async () => {
    const failure = new Error('boom')
    const caught: unknown[] = []
    const app = newBuilder()
    app.use(async (_context, next) => {
      try {
        await next()
      } catch (error) {
        caught.push(error)
      }
    })
    app.use(async (_context, next) => next())
    app.run(() => {
      throw failure
    })
    await app.build()(new HttpContext())
    expect(caught).toEqual([failure])
  })

  it('never reaches what is added behind run', async () => {
    const app = newBuilder()
    app.run(({ response }) => {
      response.statusCode = 201
    })
    app.run(({ response }) => {
      response.statusCode = 202
    })
    const context = new HttpContext()
    await app.build()(context)
    expect(context.response.statusCode).toBe(201)
  })

  it.each([
    ['at once', async (_context: HttpContext, next: () => Promise<void>) => void (await Promise.all([next(), next()]))],
    [
      'after the first has ended',
      async (_context: HttpContext, next: () => Promise<void>) => {
        await next()
        await next()
      },
    ],
  ])('refuses a second call of next %s, naming the middleware', async (_name, twice) => {
    let runs = 0
    const app = newBuilder()
    app.use(Object.defineProperty(twice, 'name', { value: 'impatient' }))
    app.run(() => void runs++)
    const running = app.build()(new HttpContext())
    await expect(running).rejects.toBeInstanceOf(InvalidOperationException)
    await expect(running).rejects.toThrow('"impatient"')
    expect(runs).toBe(1)
  })

  it('counts the calls of next for each request alone', async () => {
    const app = newBuilder().use((_context, next) => next())
    const run = app.build()
    const contexts = [new HttpContext(), new HttpContext()]
    for (const context of contexts) await run(context)
    expect(contexts.map(({ response }) => response.statusCode)).toEqual([404, 404])
  })

  it('passes another context on when next is given one', async () => {
    const seen: HttpContext[] = []
    const other = new HttpContext()
    const app = newBuilder().use((_context, next) => next(other))
    app.run(context => void seen.push(context))
    await app.build()(new HttpContext())
    expect(seen).toEqual([other])
  })

  it('gives next a promise also when the rest of the pipeline returns nothing', async () => {
    let result: unknown
    const app = newBuilder().use((_context, next) => {
      result = next()
    })
    app.run(() => {})
    await app.build()(new HttpContext())
    expect(result).toBeInstanceOf(Promise)
  })

  it('rejects the promise of next when the rest of the pipeline throws at once', async () => {
    const caught: unknown[] = []
    const app = newBuilder().use((_context, next) => next().catch(error => void caught.push(error)))
    app.run(() => {
      throw new Error('boom')
    })
    await app.build()(new HttpContext())
    expect(caught).toEqual([expect.objectContaining({ message: 'boom' })])
  })

  it('waits for the rest of the pipeline also when a plain function calls next and returns nothing', async () => {
    const trace: string[] = []
    const app = newBuilder().use((_context, next) => {
      next()
    })
    app.run(async () => {
      await new Promise(setImmediate)
      trace.push('answered')
    })
    await app.build()(new HttpContext())
    expect(trace).toEqual(['answered'])
  })
})
