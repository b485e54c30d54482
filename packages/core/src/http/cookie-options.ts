/** When a browser sends a cookie with requests that other sites cause. (ASP.NET Core: SameSiteMode) */
export const SameSiteMode = { Unspecified: 'unspecified', None: 'none', Lax: 'lax', Strict: 'strict' } as const
export type SameSiteMode = (typeof SameSiteMode)[keyof typeof SameSiteMode]

/** How a browser keeps a cookie. (ASP.NET Core: CookieOptions) */
export interface CookieOptions {
  /** Default none: only the host that set the cookie gets it back. */
  domain?: string | null | undefined
  /** Default `/`; null leaves it out, so that the directory of the request counts. */
  path?: string | null | undefined
  /** Without it and without `maxAge` the cookie ends with the browser's session. */
  expires?: Date | undefined
  /** In milliseconds, cut to whole seconds; it wins over `expires`. */
  maxAge?: number | undefined
  /** Only over https. Default false. */
  secure?: boolean | undefined
  /** Out of the reach of scripts. Default false. */
  httpOnly?: boolean | undefined
  /** Default unspecified: the attribute is left out. */
  sameSite?: SameSiteMode | undefined
  /** Further attributes, written as they are: `['Partitioned']`. */
  extensions?: readonly string[] | undefined
  /** For middleware that asks for consent; nothing is written for it. Default false. */
  isEssential?: boolean | undefined
}
