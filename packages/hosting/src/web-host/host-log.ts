/** The category of what a web host logs about itself and its requests. (ASP.NET Core: Microsoft.AspNetCore.Hosting.Diagnostics) */
export const diagnosticsCategory = 'Windhover.Hosting.Diagnostics'

/** ASP.NET Core's numbers. */
export const hostEvents = {
  starting: 3,
  started: 4,
  shutdown: 5,
  applicationStartupException: 6,
  backgroundServiceFaulted: 9,
  serverShutdownException: 12,
} as const
