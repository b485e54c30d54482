import type { DefaultFilesOptions } from './default-files-options.ts'
import type { DirectoryBrowserOptions } from './directory-browser-options.ts'
import type { SharedOptions } from './shared-options.ts'
import type { StaticFileOptions } from './static-file-options.ts'

/** Default files, directory browsing and static files in one. (ASP.NET Core: FileServerOptions) */
export interface FileServerOptions extends SharedOptions {
  /** Default true. */
  enableDefaultFiles?: boolean | undefined
  /** Default false: a listing tells strangers what there is. */
  enableDirectoryBrowsing?: boolean | undefined
  /** Of default files and directory browsing. Default true. */
  redirectToAppendTrailingSlash?: boolean | undefined
  /** What else default files take. */
  defaultFilesOptions?: Omit<DefaultFilesOptions, keyof FileServerOptions> | undefined
  /** What else directory browsing takes. */
  directoryBrowserOptions?: Omit<DirectoryBrowserOptions, keyof FileServerOptions> | undefined
  /** What else static files take. */
  staticFileOptions?: Omit<StaticFileOptions, keyof FileServerOptions> | undefined
}
