import { ApplicationBuilder } from '@windhover/core'
import { defaultFilesComponent } from './middleware/default-files.ts'
import { directoryBrowserComponent } from './middleware/directory-browser.ts'
import { staticFilesComponent } from './middleware/static-files.ts'
import type { DefaultFilesOptions } from './options/default-files-options.ts'
import type { DirectoryBrowserOptions } from './options/directory-browser-options.ts'
import type { FileServerOptions } from './options/file-server-options.ts'
import type { SharedOptions } from './options/shared-options.ts'
import type { StaticFileOptions } from './options/static-file-options.ts'

declare module '@windhover/core' {
  interface ApplicationBuilder {
    /**
     * Rewrites the path of a directory to that of its default file, which `useStaticFiles` behind it serves; a path without its trailing slash is redirected first.
     * A text is the `requestPath`. Raises an argument error for a bad `requestPath`, and an invalid-operation error when nothing says where the files are: no web root, `root` or `fileProvider`.
     */
    useDefaultFiles(options?: DefaultFilesOptions | string): this

    /**
     * Answers GET and HEAD with the files of the web root, with validators, conditions (RFC 9110 section 13) and single ranges (section 14). What is no file of a known type passes
     * on, as does everything when the web root does not exist. A text is the `requestPath`. Raises the errors of `useDefaultFiles`.
     */
    useStaticFiles(options?: StaticFileOptions | string): this

    /** Answers a directory with a listing of its files. It tells strangers what there is: for trusted places only. Raises the errors of `useDefaultFiles`. */
    useDirectoryBrowser(options?: DirectoryBrowserOptions | string): this

    /** `useDefaultFiles`, then `useDirectoryBrowser` when it is enabled, then `useStaticFiles`. A text is the `requestPath`, true enables directory browsing. */
    useFileServer(options?: FileServerOptions | string | boolean): this
  }
}

ApplicationBuilder.prototype.useDefaultFiles = function useDefaultFiles(this: ApplicationBuilder, options = {}) {
  return this.useComponent(defaultFilesComponent(this, withRequestPath(options)))
}

ApplicationBuilder.prototype.useStaticFiles = function useStaticFiles(this: ApplicationBuilder, options = {}) {
  return this.useComponent(staticFilesComponent(this, withRequestPath(options)))
}

ApplicationBuilder.prototype.useDirectoryBrowser = function useDirectoryBrowser(this: ApplicationBuilder, options = {}) {
  return this.useComponent(directoryBrowserComponent(this, withRequestPath(options)))
}

ApplicationBuilder.prototype.useFileServer = function useFileServer(this: ApplicationBuilder, options = {}) {
  const given: FileServerOptions = typeof options === 'boolean' ? { enableDirectoryBrowsing: options } : withRequestPath(options)
  const { requestPath, root, fileProvider, redirectToAppendTrailingSlash } = given
  const shared = { requestPath, root, fileProvider }
  if (given.enableDefaultFiles ?? true) this.useDefaultFiles({ ...given.defaultFilesOptions, ...shared, redirectToAppendTrailingSlash })
  if (given.enableDirectoryBrowsing ?? false) {
    this.useDirectoryBrowser({ ...given.directoryBrowserOptions, ...shared, redirectToAppendTrailingSlash })
  }
  return this.useStaticFiles({ ...given.staticFileOptions, ...shared })
}

function withRequestPath<T extends SharedOptions>(options: T | string): T | SharedOptions {
  return typeof options === 'string' ? { requestPath: options } : options
}
