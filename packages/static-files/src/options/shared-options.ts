import type { PhysicalFileProvider } from '../files/physical-file-provider.ts'

/** What default files, static files, directory browsing and the file server have in common. (ASP.NET Core: SharedOptionsBase) */
export interface SharedOptions {
  /** The path under which the files are found, like `/files`. Default: empty. Raises an argument error without a leading or with a trailing slash. */
  requestPath?: string | undefined
  /**
   * The folder of the files, relative to the content root: short for `fileProvider: new PhysicalFileProvider(path)`. Default: the web root. Raises an IO error when it does not exist, and an argument
   * error beside a `fileProvider`.
   */
  root?: string | undefined
  /** The files. Default: those of `root`. */
  fileProvider?: PhysicalFileProvider | undefined
}
