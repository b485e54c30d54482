import type { ApplicationBuilder, HttpContext, MiddlewareComponent } from '@windhover/core'
import { FileExtensionContentTypeProvider } from '../content-types/file-extension-content-type-provider.ts'
import { askSend } from '../files/ask-send.ts'
import { conditionalHeaders } from '../files/conditional-headers.ts'
import type { FileInfo } from '../files/file-info.ts'
import type { SendHead } from '../files/send-head.ts'
import { readSharedOptions } from '../options/shared-settings.ts'
import type { StaticFileOptions } from '../options/static-file-options.ts'
import { requestedPath } from './requested-path.ts'
import { StaticFilesLog } from './static-files-log.ts'

/** Answers with a file where there is one, and lets everything else pass. */
export function staticFilesComponent(app: ApplicationBuilder, options: StaticFileOptions): MiddlewareComponent {
  const { requestPath, files } = readSharedOptions(app, options, 'useStaticFiles()')
  const contentTypes = options.contentTypeProvider ?? new FileExtensionContentTypeProvider()
  const serveUnknownFileTypes = options.serveUnknownFileTypes ?? false
  const defaultContentType = options.defaultContentType
  const { onPrepareResponse, onPrepareResponseAsync } = options
  const log = new StaticFilesLog(app.applicationServices)
  if (files === undefined) log.webRootNotFound()

  return next => {
    if (files === undefined) return next

    return async function staticFilesMiddleware(context) {
      const path = requestedPath(context, requestPath)
      if (path === undefined) return next(context)

      const contentType = contentTypes.tryGetContentType(path)
      if (contentType === undefined && !serveUnknownFileTypes) {
        log.fileTypeNotSupported(path)
        return next(context)
      }
      const answer = await askSend(files.root, path, conditionalHeaders(context.request))
      if (answer?.file === undefined) {
        log.fileNotFound(path)
        return next(context)
      }

      const { file, head } = answer
      log.answered(context, file, head)
      setHead(context, head, contentType ?? defaultContentType)
      const prepared = { context, file }
      // An async function fits here as well: its rejection must not float.
      await onPrepareResponse?.(prepared)
      await onPrepareResponseAsync?.(prepared)
      if (head.statusCode < 300 && context.request.method !== 'HEAD') await sendBodyAsync(context, file, head, log)
    }
  }
}

/** A status that was set before stays. A refusal (412, 416) says nothing about the file but its length. */
function setHead({ response }: HttpContext, head: SendHead, contentType: string | undefined): void {
  const { statusCode } = head
  if (response.statusCode === 200) response.statusCode = statusCode
  if (statusCode < 400) {
    if (contentType !== undefined) response.contentType = contentType
    for (const name of ['Last-Modified', 'ETag', 'Accept-Ranges']) response.headers.set(name, head.getHeader(name))
  }
  if (statusCode < 300) response.contentLength = head.length
  if (statusCode === 206 || statusCode === 416) response.headers.set('Content-Range', head.getHeader('Content-Range'))
}

async function sendBodyAsync(context: HttpContext, { physicalPath }: FileInfo, head: SendHead, log: StaticFilesLog): Promise<void> {
  // An empty file leaves the response open: what comes after it may still change it.
  if (head.length === 0) return
  try {
    await context.response.sendFileAsync(physicalPath, head.offset, head.length, context.requestAborted)
  } catch (error) {
    if (!context.requestAborted.aborted) throw error
    // The client has gone, or a middleware gave the request up: half a body must not look like a whole one.
    log.writeCancelled(context.request.path)
    context.abort()
  }
}
