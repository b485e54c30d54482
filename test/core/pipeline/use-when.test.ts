import { type ApplicationBuilder, ArgumentNullException, HttpContext } from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { newBuilder } from './new-builder.ts'

const mark =
  (trace: string[], name: string) =>
  (app: ApplicationBuilder): void =>
    void app.use(async (_context, next) => {
      trace.push(name)
      await next()
    })

describe('app.mapWhen', () => {
  it.each([
    [true, ['branch'], 404],
    [false, ['main'], 200],
  ])('with a predicate that says %s runs %j', async (taken, expected, status) => {
    const trace: string[] = []
    const app = newBuilder().mapWhen(() => taken, mark(trace, 'branch'))
    app.run(() => void trace.push('main'))
    const context = new HttpContext()
    await app.build()(context)
    expect(trace).toEqual(expected)
    expect(context.response.statusCode).toBe(status)
  })

  it('nests', async () => {
    const trace: string[] = []
    const app = newBuilder().mapWhen(
      () => true,
      branch => {
        mark(trace, 'outer')(branch)
        branch.mapWhen(() => true, mark(trace, 'inner'))
      },
    )
    await app.build()(new HttpContext())
    expect(trace).toEqual(['outer', 'inner'])
  })

  it('hands the error of a predicate outwards', () => {
    const app = newBuilder().mapWhen(
      () => {
        throw new Error('boom')
      },
      () => {},
    )
    expect(() => app.build()(new HttpContext())).toThrow('boom')
  })
})

describe('app.useWhen', () => {
  it('comes back to the main pipeline from the branch, through each part once', async () => {
    const trace: string[] = []
    const app = newBuilder().useWhen(
      () => true,
      branch => {
        mark(trace, 'child')(branch)
        branch.useWhen(() => true, mark(trace, 'grandchild'))
      },
    )
    mark(trace, 'parent')(app)
    await app.build()(new HttpContext())
    expect(trace).toEqual(['child', 'grandchild', 'parent'])
  })

  it('ends in the branch when the branch ends the pipeline', async () => {
    const trace: string[] = []
    const app = newBuilder().useWhen(
      () => true,
      branch => branch.run(() => void trace.push('branch')),
    )
    mark(trace, 'main')(app)
    await app.build()(new HttpContext())
    expect(trace).toEqual(['branch'])
  })

  it('passes by the branch when the predicate says no', async () => {
    const trace: string[] = []
    const app = newBuilder().useWhen(() => false, mark(trace, 'branch'))
    mark(trace, 'main')(app)
    await app.build()(new HttpContext())
    expect(trace).toEqual(['main'])
  })

  it('asks the predicate once for each request', async () => {
    let asked = 0
    const app = newBuilder().useWhen(
      () => {
        asked++
        return true
      },
      () => {},
    )
    const run = app.build()
    await run(new HttpContext())
    await run(new HttpContext())
    expect(asked).toBe(2)
  })
})

describe.each(['mapWhen', 'useWhen'] as const)('app.%s', member => {
  it.each([
    ['a predicate', undefined, () => {}],
    ['a configuration', () => true, undefined],
  ])('raises an argument-null error without %s', (_name, predicate, configuration) => {
    expect(() => newBuilder()[member](predicate as never, configuration as never)).toThrow(ArgumentNullException)
  })
})
