/** The settings of a host that have a meaning of their own, by their keys in the configuration. (ASP.NET Core: WebHostDefaults) */
export const WebHostDefaults = {
  ApplicationName: 'applicationName',
  CaptureStartupErrors: 'captureStartupErrors',
  ContentRoot: 'contentRoot',
  DetailedErrors: 'detailedErrors',
  Environment: 'environment',
  HttpPorts: 'http_ports',
  HttpsPorts: 'https_ports',
  PreferHostingUrls: 'preferHostingUrls',
  ShutdownTimeoutSeconds: 'shutdownTimeoutSeconds',
  SuppressStatusMessages: 'suppressStatusMessages',
  Urls: 'urls',
  WebRoot: 'webroot',
} as const
