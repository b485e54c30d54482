import type { HttpContext } from '@windhover/core'
import type { ContentTypeProvider } from '../content-types/content-type-provider.ts'
import type { FileInfo } from '../files/file-info.ts'
import type { SharedOptions } from './shared-options.ts'

/** What `onPrepareResponse` gets. (ASP.NET Core: StaticFileResponseContext) */
export interface StaticFileResponseContext {
  readonly context: HttpContext
  /** The file that is about to be served. */
  readonly file: FileInfo
}

/** (ASP.NET Core: StaticFileOptions) */
export interface StaticFileOptions extends SharedOptions {
  /** Default: a `FileExtensionContentTypeProvider` with ASP.NET Core's mappings. */
  contentTypeProvider?: ContentTypeProvider | undefined
  /** The content type of files whose type is not known; they are only served with `serveUnknownFileTypes`. Default: none, and no Content-Type header. */
  defaultContentType?: string | undefined
  /** Whether files whose type is not known are served. Default false. */
  serveUnknownFileTypes?: boolean | undefined
  /** Called when status and headers are set, also for 304, 412 and 416, and nothing is sent: the place for `Cache-Control`. */
  onPrepareResponse?: ((prepared: StaticFileResponseContext) => void) | undefined
  /** The same, awaited; called after `onPrepareResponse`. */
  onPrepareResponseAsync?: ((prepared: StaticFileResponseContext) => Promise<void>) | undefined
}
