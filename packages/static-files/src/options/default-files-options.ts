import type { SharedOptions } from './shared-options.ts'

/** (ASP.NET Core: DefaultFilesOptions) */
export interface DefaultFilesOptions extends SharedOptions {
  /** The names, the first that exists wins. Default: `default.htm`, `default.html`, `index.htm`, `index.html`. */
  defaultFileNames?: readonly string[] | undefined
  /** Redirects from `/docs` to `/docs/`, so that relative links in the default file work. Default true. */
  redirectToAppendTrailingSlash?: boolean | undefined
}
