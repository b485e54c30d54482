import { ArgumentException, ArgumentNullException, type HttpContext } from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { contextFor, newBuilder } from './new-builder.ts'

describe('app.map', () => {
  it.each([
    { match: '/foo', base: '', path: '/foo', branchBase: '/foo', branchPath: '' },
    { match: '/foo', base: '', path: '/foo/', branchBase: '/foo', branchPath: '/' },
    { match: '/foo', base: '/Bar', path: '/foo/cho/', branchBase: '/Bar/foo', branchPath: '/cho/' },
    { match: '/foo/cho', base: '/Bar', path: '/foo/cho/do', branchBase: '/Bar/foo/cho', branchPath: '/do' },
    { match: '/foo', base: '', path: '/Foo/', branchBase: '/Foo', branchPath: '/' },
    { match: '/foo/cho', base: '/Bar', path: '/Foo/Cho', branchBase: '/Bar/Foo/Cho', branchPath: '' },
    { match: '', base: '', path: '/anything', branchBase: '', branchPath: '/anything' },
  ])('$match takes $base + $path as $branchBase + $branchPath, and puts both back', async row => {
    const context = contextFor(row.path, row.base)
    const seen: string[][] = []
    const app = newBuilder().map(row.match, branch => branch.run(({ request }) => void seen.push([request.pathBase, request.path])))
    await app.build()(context)
    expect(seen).toEqual([[row.branchBase, row.branchPath]])
    expect([context.request.pathBase, context.request.path]).toEqual([row.base, row.path])
  })

  it.each([
    { match: '/foo', base: '', path: '' },
    { match: '/foo', base: '/bar', path: '' },
    { match: '/foo', base: '', path: '/bar' },
    { match: '/foo', base: '/foo', path: '' },
    { match: '/foo', base: '/foo', path: '/bar' },
    { match: '/foo', base: '', path: '/bar/foo' },
    { match: '/foo/bar', base: '/foo', path: '/bar' },
    { match: '/foo', base: '', path: '/food' },
  ])('$match lets $base + $path pass', async ({ match, base, path }) => {
    const context = contextFor(path, base)
    const app = newBuilder().map(match, branch =>
      branch.run(() => {
        throw new Error('the branch was taken')
      }),
    )
    app.run(({ response }) => {
      response.statusCode = 200
    })
    await app.build()(context)
    expect(context.response.statusCode).toBe(200)
    expect([context.request.pathBase, context.request.path]).toEqual([base, path])
  })

  it('restores path and pathBase when the branch throws', async () => {
    const context = contextFor('/foo/x')
    const app = newBuilder().map('/foo', branch =>
      branch.run(() => {
        throw new Error('boom')
      }),
    )
    await expect(app.build()(context)).rejects.toThrow('boom')
    expect([context.request.pathBase, context.request.path]).toEqual(['', '/foo/x'])
  })

  it('restores them after an asynchronous branch, not before', async () => {
    const context = contextFor('/foo/x')
    let later: string | undefined
    const app = newBuilder().map('/foo', branch =>
      branch.run(async ({ request }) => {
        await Promise.resolve()
        later = request.path
      }),
    )
    await app.build()(context)
    expect(later).toBe('/x')
  })

  it('keeps path and pathBase in the branch with preserveMatchedPathSegment', async () => {
    const context = contextFor('/foo/x', '/base')
    const seen: string[][] = []
    const configure = (branch: ReturnType<typeof newBuilder>) =>
      branch.run(({ request }) => void seen.push([request.pathBase, request.path]))
    await newBuilder().map('/foo', configure, { preserveMatchedPathSegment: true }).build()(context)
    expect(seen).toEqual([['/base', '/foo/x']])
  })

  it.each([
    ['/route1', 200, 'inner'],
    ['/route1/subroute1', 200, 'nested'],
    ['/route2', 404, undefined],
    ['/route2/subroute2', 200, 'deep'],
    ['/route2/subroute2/below', 200, 'deep'],
  ])('answers %s with %i from nested branches', async (path, status, answeredBy) => {
    const app = newBuilder()
    const answer = (name: string) => (context: HttpContext) => void context.items.set('by', name)
    app.map('/route1', branch => {
      branch.map('/subroute1', nested => nested.run(answer('nested')))
      branch.run(answer('inner'))
    })
    app.map('/route2/subroute2', branch => branch.run(answer('deep')))
    const context = contextFor(path)
    await app.build()(context)
    expect([context.response.statusCode, context.items.get('by')]).toEqual([status, answeredBy])
  })

  it('does not come back from a branch that answers nothing', async () => {
    const app = newBuilder().map('/foo', () => {})
    app.run(() => {
      throw new Error('came back')
    })
    const context = contextFor('/foo')
    await app.build()(context)
    expect(context.response.statusCode).toBe(404)
  })

  it.each(['/', '/foo/', 'foo'])('raises an argument error for the path %j, before the branch is configured', path => {
    expect(() =>
      newBuilder().map(path, () => {
        throw new Error('configured')
      }),
    ).toThrow(ArgumentException)
  })

  it('raises an argument-null error without a configuration', () => {
    expect(() => newBuilder().map('/foo', undefined as never)).toThrow(ArgumentNullException)
  })

  it('builds the branch when it is called', () => {
    let built = 0
    newBuilder().map('/foo', branch =>
      branch.useComponent(next => {
        built++
        return next
      }),
    )
    expect(built).toBe(1)
  })
})

describe('app.usePathBase', () => {
  it.each([
    { base: '/base', path: '/base/x', seenBase: '/base', seenPath: '/x' },
    { base: '/base/', path: '/Base', seenBase: '/Base', seenPath: '' },
    { base: '/base', path: '/based', seenBase: '', seenPath: '/based' },
    { base: '/', path: '/x', seenBase: '', seenPath: '/x' },
    { base: '', path: '/x', seenBase: '', seenPath: '/x' },
  ])('$base shows $path as $seenBase + $seenPath, and puts both back', async ({ base, path, seenBase, seenPath }) => {
    const context = contextFor(path)
    const seen: string[][] = []
    const app = newBuilder().usePathBase(base)
    app.run(({ request }) => void seen.push([request.pathBase, request.path]))
    await app.build()(context)
    expect(seen).toEqual([[seenBase, seenPath]])
    expect([context.request.pathBase, context.request.path]).toEqual(['', path])
  })

  it('raises an argument error for a path without its leading slash', () => {
    expect(() => newBuilder().usePathBase('base')).toThrow(ArgumentException)
  })
})
