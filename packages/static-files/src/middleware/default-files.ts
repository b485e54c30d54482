import type { ApplicationBuilder, MiddlewareComponent } from '@windhover/core'
import type { PhysicalFileProvider } from '../files/physical-file-provider.ts'
import type { DefaultFilesOptions } from '../options/default-files-options.ts'
import { readSharedOptions } from '../options/shared-settings.ts'
import { redirectToSlash } from './redirect-to-slash.ts'
import { requestedPath } from './requested-path.ts'

const standardNames: readonly string[] = ['default.htm', 'default.html', 'index.htm', 'index.html']

/** Rewrites the path of a directory to that of its default file, for the static files behind it. */
export function defaultFilesComponent(app: ApplicationBuilder, options: DefaultFilesOptions): MiddlewareComponent {
  const { requestPath, files } = readSharedOptions(app, options, 'useDefaultFiles()')
  const names = [...(options.defaultFileNames ?? standardNames)]
  const redirects = options.redirectToAppendTrailingSlash ?? true

  return next => {
    if (files === undefined) return next

    return async function defaultFilesMiddleware(context) {
      const path = requestedPath(context, requestPath)
      const name = path === undefined ? undefined : await findDefaultFile(files, path, names)
      if (name === undefined) return next(context)

      const { request } = context
      if (redirects && !request.path.endsWith('/')) return redirectToSlash(context)
      request.path = withSlash(request.path) + name
      return next(context)
    }
  }
}

async function findDefaultFile(files: PhysicalFileProvider, path: string, names: readonly string[]): Promise<string | undefined> {
  if (!(await files.directoryExistsAsync(path))) return undefined
  for (const name of names) {
    if ((await files.getFileInfoAsync(withSlash(path) + name)) !== undefined) return name
  }
  return undefined
}

function withSlash(path: string): string {
  return path.endsWith('/') ? path : `${path}/`
}
