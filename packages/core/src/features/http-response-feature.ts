import type { Writable } from 'node:stream'
import type { HeaderDictionary } from '../http/header-dictionary.ts'
import { createFeatureKey, type FeatureKey } from './feature-collection.ts'

/** Called by the server at a moment in the life of a response. */
export type ResponseCallback = () => void | PromiseLike<void>

/** Status, headers and callbacks of the response. (ASP.NET Core: IHttpResponseFeature) */
export interface HttpResponseFeature {
  /** Default 200. Setting it after the response has started throws an invalid-operation error. */
  statusCode: number
  /** Undefined: the usual phrase of the status. Ignored by HTTP/2. */
  reasonPhrase: string | undefined
  /** Read-only once the response has started: changes then throw an invalid-operation error. */
  readonly headers: HeaderDictionary
  readonly hasStarted: boolean
  /** Runs just before the head goes out, last registered first. */
  onStarting(callback: ResponseCallback): void
  /** Runs when the response has ended, however it ended, last registered first. */
  onCompleted(callback: ResponseCallback): void
}

export const HttpResponseFeature: FeatureKey<HttpResponseFeature> = createFeatureKey('HttpResponseFeature')

/** The body of the response. (ASP.NET Core: IHttpResponseBodyFeature) */
export interface HttpResponseBodyFeature {
  /** The body as a stream of Node, made on first use, for `pipeline(source, stream)`. */
  readonly stream: Writable
  /** Starts the response when needed and writes; resolves when the bytes are taken over, later while the peer does not read. */
  writeAsync(data: string | Uint8Array): Promise<void>
  /** Runs the `onStarting` callbacks and makes status and headers final. Does nothing when started. */
  startAsync(): Promise<void>
  /** Sends what was written so far, the head included. */
  flushAsync(): Promise<void>
  /** Ends the response. Later writes throw an invalid-operation error. */
  completeAsync(): Promise<void>
  /** Sends `count` bytes of a file from `offset`; without `count` up to its end. */
  sendFileAsync(path: string, offset?: number, count?: number, signal?: AbortSignal): Promise<void>
}

export const HttpResponseBodyFeature: FeatureKey<HttpResponseBodyFeature> = createFeatureKey('HttpResponseBodyFeature')
