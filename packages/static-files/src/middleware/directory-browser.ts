import type { ApplicationBuilder, MiddlewareComponent } from '@windhover/core'
import { HtmlDirectoryFormatter } from '../directory-browsing/html-directory-formatter.ts'
import type { DirectoryBrowserOptions } from '../options/directory-browser-options.ts'
import { readSharedOptions } from '../options/shared-settings.ts'
import { redirectToSlash } from './redirect-to-slash.ts'
import { requestedPath } from './requested-path.ts'

/** Answers a directory with a listing of what it contains. */
export function directoryBrowserComponent(app: ApplicationBuilder, options: DirectoryBrowserOptions): MiddlewareComponent {
  const { requestPath, files } = readSharedOptions(app, options, 'useDirectoryBrowser()')
  const formatter = options.formatter ?? new HtmlDirectoryFormatter()
  const redirects = options.redirectToAppendTrailingSlash ?? true

  return next => {
    if (files === undefined) return next

    return async function directoryBrowserMiddleware(context) {
      const path = requestedPath(context, requestPath)
      const contents = path === undefined ? undefined : await files.getDirectoryContentsAsync(path)
      if (contents === undefined) return next(context)

      if (redirects && !context.request.path.endsWith('/')) return redirectToSlash(context)
      await formatter.generateContentAsync(context, contents)
    }
  }
}
