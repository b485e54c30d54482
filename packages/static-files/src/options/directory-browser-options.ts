import type { DirectoryFormatter } from '../directory-browsing/directory-formatter.ts'
import type { SharedOptions } from './shared-options.ts'

/** (ASP.NET Core: DirectoryBrowserOptions) */
export interface DirectoryBrowserOptions extends SharedOptions {
  /** Writes the listing. Default: `HtmlDirectoryFormatter`. */
  formatter?: DirectoryFormatter | undefined
  /** Redirects from `/docs` to `/docs/`, so that the links of the listing work. Default true. */
  redirectToAppendTrailingSlash?: boolean | undefined
}
