import { Readable, Writable } from 'node:stream'
import { HeaderDictionary } from '../http/header-dictionary.ts'
import type { FeatureSource } from './feature-collection.ts'
import { HttpConnectionFeature } from './http-connection-feature.ts'
import { HttpRequestFeature } from './http-request-feature.ts'
import { HttpRequestLifetimeFeature } from './http-request-lifetime-feature.ts'
import { HttpResponseBodyFeature, HttpResponseFeature, type ResponseCallback } from './http-response-feature.ts'

class DefaultHttpRequestFeature implements HttpRequestFeature {
  method = 'GET'
  scheme = 'http'
  protocol = 'HTTP/1.1'
  path = ''
  pathBase = ''
  queryString = ''
  readonly rawTarget: string = ''
  readonly headers: HeaderDictionary = new HeaderDictionary()
  body: Readable = Readable.from([])
}

/** Like .NET's default feature it keeps what is set and never starts: callbacks are the affair of a server. */
class DefaultHttpResponseFeature implements HttpResponseFeature, HttpResponseBodyFeature {
  statusCode = 200
  reasonPhrase: string | undefined = undefined
  readonly headers: HeaderDictionary = new HeaderDictionary()
  readonly hasStarted = false
  readonly stream: Writable = new Writable({ write: (_chunk, _encoding, done) => done() })

  onStarting(_callback: ResponseCallback): void {}
  onCompleted(_callback: ResponseCallback): void {}
  async writeAsync(_data: string | Uint8Array): Promise<void> {}
  async startAsync(): Promise<void> {}
  async flushAsync(): Promise<void> {}
  async completeAsync(): Promise<void> {}
  async sendFileAsync(): Promise<void> {}
}

class DefaultHttpRequestLifetimeFeature implements HttpRequestLifetimeFeature {
  requestAborted: AbortSignal = new AbortController().signal

  abort(): void {}
}

/**
 * The features of a context that has no server: an empty request, and a response whose body goes nowhere. With them a middleware is tested
 * by `new HttpContext()` alone. (ASP.NET Core: DefaultHttpContext)
 */
export function defaultHttpFeatures(): FeatureSource {
  const response = new DefaultHttpResponseFeature()
  const connection: HttpConnectionFeature = {
    connectionId: '',
    remoteIpAddress: undefined,
    remotePort: undefined,
    localIpAddress: undefined,
    localPort: undefined,
  }
  return {
    [HttpRequestFeature]: new DefaultHttpRequestFeature(),
    [HttpResponseFeature]: response,
    [HttpResponseBodyFeature]: response,
    [HttpRequestLifetimeFeature]: new DefaultHttpRequestLifetimeFeature(),
    [HttpConnectionFeature]: connection,
  }
}
