/** Which values of the `Host` header are answered. (ASP.NET Core: HostFilteringOptions) */
export class HostFilteringOptions {
  /** Host names without ports, in letters or punycode; `*.example.org` matches sub-domains, `*` everything. Must not be empty when the middleware runs. */
  allowedHosts: string[] = []
  /** Lets IP addresses pass beside `allowedHosts`: no page can make a browser send one for its own name. Default false. */
  allowIpAddresses = false
  /** Lets requests without a host pass, as HTTP/1.0 allows. Default true. */
  allowEmptyHosts = true
  /** Tells in the body of the 400 why the request was refused. Default true. */
  includeFailureMessage = true
  /** More for that body: where the setting is. */
  failureHint?: string | undefined
}
