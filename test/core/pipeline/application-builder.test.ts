import {
  Endpoint,
  FeatureCollection,
  HttpContext,
  HttpResponseFeature,
  InvalidOperationException,
  requestUnhandledKey,
} from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { newBuilder } from './new-builder.ts'

describe('ApplicationBuilder.build', () => {
  it('makes a delegate that answers 404 when nothing was added', async () => {
    const context = new HttpContext()
    await newBuilder().build()(context)
    expect(context.response.statusCode).toBe(404)
    expect(context.items.get(requestUnhandledKey)).toBe(true)
  })

  it('leaves the status alone when the response has started', async () => {
    const context = new HttpContext()
    const feature = context.features.getRequired(HttpResponseFeature)
    context.features.set(HttpResponseFeature, Object.create(feature, { hasStarted: { value: true } }))
    await newBuilder().build()(context)
    expect(context.response.statusCode).toBe(200)
    expect(context.items.get(requestUnhandledKey)).toBe(true)
  })

  it('raises an error that names an endpoint which nobody has executed', async () => {
    const context = new HttpContext()
    context.setEndpoint(new Endpoint(() => {}, [], 'GET /orders'))
    expect(() => newBuilder().build()(context)).toThrow(InvalidOperationException)
    expect(() => newBuilder().build()(context)).toThrow('GET /orders')
  })

  it('answers 404 for an endpoint without a delegate', async () => {
    const context = new HttpContext()
    context.setEndpoint(new Endpoint(undefined))
    await newBuilder().build()(context)
    expect(context.response.statusCode).toBe(404)
  })

  it('does not execute a selected endpoint when a middleware ends the pipeline', async () => {
    const context = new HttpContext()
    let executed = false
    context.setEndpoint(
      new Endpoint(() => {
        executed = true
      }),
    )
    const app = newBuilder().use(async () => {})
    await app.build()(context)
    expect(executed).toBe(false)
  })

  it('neither changes the status nor marks the request when a middleware ends the pipeline', async () => {
    const context = new HttpContext()
    const app = newBuilder()
    app.run(({ response }) => {
      response.statusCode = 204
    })
    await app.build()(context)
    expect(context.response.statusCode).toBe(204)
    expect(context.items.has(requestUnhandledKey)).toBe(false)
  })

  it('calls the components at build, once, last registered first', () => {
    const calls: string[] = []
    const app = newBuilder()
    for (const name of ['a', 'b', 'c']) {
      app.useComponent(next => {
        calls.push(name)
        return next
      })
    }
    expect(calls).toEqual([])
    app.build()
    expect(calls).toEqual(['c', 'b', 'a'])
  })

  it('runs the components again when it is called again', () => {
    let calls = 0
    const app = newBuilder().useComponent(next => {
      calls++
      return next
    })
    app.build()
    app.build()
    expect(calls).toBe(2)
  })

  it('takes another end in place of the 404', async () => {
    const context = new HttpContext()
    await newBuilder().build(({ response }) => {
      response.statusCode = 418
    })(context)
    expect(context.response.statusCode).toBe(418)
  })
})

describe('ApplicationBuilder', () => {
  it('has an empty collection of server features when none is given', () => {
    expect(newBuilder().serverFeatures).toBeInstanceOf(FeatureCollection)
    expect([...newBuilder().serverFeatures]).toEqual([])
  })

  it('gives a branch a copy of the properties, whose changes do not flow back', () => {
    const app = newBuilder()
    app.properties.set('kept', 1)
    const branch = app.new()
    branch.properties.set('kept', 2)
    branch.properties.set('new', 3)
    expect(branch.applicationServices).toBe(app.applicationServices)
    expect([...app.properties]).toEqual([['kept', 1]])
  })

  it('gives a branch no components', async () => {
    const app = newBuilder().use(async () => {})
    const context = new HttpContext()
    await app.new().build()(context)
    expect(context.response.statusCode).toBe(404)
  })

  it.each(['use', 'useComponent', 'run', 'useMiddleware'] as const)('raises an argument-null error for %s(undefined)', member => {
    const app = newBuilder()
    expect(() => app[member](undefined as never)).toThrow(expect.objectContaining({ name: 'ArgumentNullException' }))
  })
})
