import type { Readable } from 'node:stream'
import type { HeaderDictionary } from '../http/header-dictionary.ts'
import { createFeatureKey, type FeatureKey } from './feature-collection.ts'

/** The request as the server received it. Middleware may change it. (ASP.NET Core: IHttpRequestFeature) */
export interface HttpRequestFeature {
  /** As sent: HTTP methods are case-sensitive (RFC 9110 section 9.1). */
  method: string
  /** `http` or `https`, lower case. */
  scheme: string
  /** `HTTP/1.0`, `HTTP/1.1` or `HTTP/2`. */
  protocol: string
  /** Decoded once, without dot segments; starts with `/` or is empty. */
  path: string
  /** The part of the path that earlier middleware (`map`, `usePathBase`) has consumed. */
  pathBase: string
  /** With its leading `?`, not decoded; empty when the request has none. */
  queryString: string
  /** The target of the request line, untouched. */
  readonly rawTarget: string
  readonly headers: HeaderDictionary
  body: Readable
}

export const HttpRequestFeature: FeatureKey<HttpRequestFeature> = createFeatureKey('HttpRequestFeature')

/** Whether a body can follow the head of this request. (ASP.NET Core: IHttpRequestBodyDetectionFeature) */
export interface HttpRequestBodyDetectionFeature {
  readonly canHaveBody: boolean
}

export const HttpRequestBodyDetectionFeature: FeatureKey<HttpRequestBodyDetectionFeature> =
  createFeatureKey('HttpRequestBodyDetectionFeature')

/** The limit of this request's body in bytes; null is unlimited. (ASP.NET Core: IHttpMaxRequestBodySizeFeature) */
export interface HttpMaxRequestBodySizeFeature {
  /** True once the body is being read or the request was upgraded: setting the size then throws. */
  readonly isReadOnly: boolean
  maxRequestBodySize: number | null
}

export const HttpMaxRequestBodySizeFeature: FeatureKey<HttpMaxRequestBodySizeFeature> = createFeatureKey('HttpMaxRequestBodySizeFeature')
