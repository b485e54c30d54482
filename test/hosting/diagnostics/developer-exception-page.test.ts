import {
  ApplicationBuilder,
  HttpResponseBodyFeature as bodyKey,
  HttpContext,
  type HttpResponseBodyFeature,
  ServiceCollection,
} from '@windhover/core'
import '@windhover/hosting'
import { describe, expect, it } from 'vitest'

/** Runs a pipeline that throws below the developer page and returns what was written. */
async function pageFor(
  error: unknown,
  headers: Record<string, string>,
): Promise<{ status: number; type: string | undefined; body: string }> {
  const app = new ApplicationBuilder(new ServiceCollection().buildServiceProvider())
  app.useDeveloperExceptionPage()
  app.run(() => {
    throw error
  })
  const context = new HttpContext()
  for (const [name, value] of Object.entries(headers)) context.request.headers.set(name, value)
  context.request.path = '/<script>'
  let body = ''
  const original = context.features.getRequired(bodyKey)
  const recording: HttpResponseBodyFeature = {
    stream: original.stream,
    startAsync: () => original.startAsync(),
    flushAsync: () => original.flushAsync(),
    completeAsync: () => original.completeAsync(),
    sendFileAsync: path => original.sendFileAsync(path),
    async writeAsync(data) {
      body += data.toString()
    },
  }
  context.features.set(bodyKey, recording)
  await app.build()(context)
  return { status: context.response.statusCode, type: context.response.contentType, body }
}

describe('useDeveloperExceptionPage', () => {
  it('shows HTML to a browser, with everything escaped', async () => {
    const page = await pageFor(new Error('<b>boom</b> & "more"'), { Accept: 'text/html,*/*' })

    expect(page).toMatchObject({ status: 500, type: 'text/html; charset=utf-8' })
    expect(page.body).toContain('Error: &lt;b&gt;boom&lt;/b&gt; &amp; &quot;more&quot;')
    expect(page.body).not.toContain('<b>boom')
    expect(page.body).not.toContain('<script>')
  })

  it('shows text to others, with the stack and the cause', async () => {
    const page = await pageFor(new Error('outer', { cause: new TypeError('inner') }), { Accept: 'application/json' })

    expect(page.type).toBe('text/plain; charset=utf-8')
    expect(page.body).toContain('Error: outer')
    expect(page.body).toContain('TypeError: inner')
    expect(page.body).toContain('developer-exception-page.test.ts')
  })

  it.each(['Cookie', 'Authorization', 'Proxy-Authorization', 'X-Api-Key', 'X-Csrf-Token'])('does not show the value of %s', async name => {
    const page = await pageFor(new Error('boom'), { [name]: 'very-secret', 'X-Plain': 'shown' })

    expect(page.body).not.toContain('very-secret')
    expect(page.body).toContain('shown')
  })

  it('shows a thrown value that is no error', async () => {
    expect((await pageFor('just text', {})).body).toContain('just text')
  })
})
