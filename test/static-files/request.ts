import { readFile } from 'node:fs/promises'
import { Writable } from 'node:stream'
import { ApplicationBuilder, HttpContext, HttpResponseBodyFeature, ServiceCollection, WebHostEnvironment } from '@windhover/core'

export interface RequestOptions {
  method?: string
  headers?: Record<string, string>
  /** Prepares the context before the pipeline runs. */
  prepare?: (context: HttpContext) => void
  webRootPath?: string
  configureServices?: (services: ServiceCollection) => void
}

export interface Answer {
  status: number
  headers: Record<string, string>
  body: string
  context: HttpContext
}

/** Keeps what a middleware sends. */
class CollectedBody implements HttpResponseBodyFeature {
  readonly stream = new Writable({ write: (_chunk, _encoding, done) => done() })
  readonly #parts: Uint8Array[] = []

  async writeAsync(data: string | Uint8Array): Promise<void> {
    this.#parts.push(Buffer.from(data))
  }

  async sendFileAsync(path: string, offset = 0, count?: number): Promise<void> {
    const content = await readFile(path)
    this.#parts.push(content.subarray(offset, count === undefined ? undefined : offset + count))
  }

  async startAsync(): Promise<void> {}
  async flushAsync(): Promise<void> {}
  async completeAsync(): Promise<void> {}

  get text(): string {
    return Buffer.concat(this.#parts).toString()
  }
}

/** Builds a pipeline without a server, whose end says "fell through", and sends one request with an already decoded path through it. */
export async function request(
  configure: (app: ApplicationBuilder) => void,
  path: string,
  { method = 'GET', headers = {}, prepare, webRootPath, configureServices }: RequestOptions = {},
): Promise<Answer> {
  const app = applicationBuilder(webRootPath, configureServices)
  configure(app)
  app.run(({ response }) => response.writeAsync('fell through'))

  const context = new HttpContext()
  const body = new CollectedBody()
  context.features.set(HttpResponseBodyFeature, body)
  context.request.method = method
  context.request.host = 'localhost'
  context.request.path = path
  for (const [name, value] of Object.entries(headers)) context.request.headers.set(name, value)
  prepare?.(context)
  await app.build()(context)
  const lowerCase = [...context.response.headers].map(([name, value]) => [name.toLowerCase(), value])
  return { status: context.response.statusCode, headers: Object.fromEntries(lowerCase), body: body.text, context }
}

export function applicationBuilder(webRootPath?: string, configureServices?: (services: ServiceCollection) => void): ApplicationBuilder {
  const services = new ServiceCollection()
  configureServices?.(services)
  if (webRootPath !== undefined) services.addSingleton(WebHostEnvironment, { useValue: { webRootPath } as WebHostEnvironment })
  return new ApplicationBuilder(services.buildServiceProvider())
}
