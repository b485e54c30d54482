import type { Configuration } from '@windhover/core'
import type { HostEnvironmentSettings } from '../environment/default-host-environment.ts'
import { WebHostDefaults } from './web-host-defaults.ts'

/** The settings of a web host, read once. (ASP.NET Core: WebHostOptions) */
export interface WebHostOptions extends HostEnvironmentSettings {
  readonly captureStartupErrors: boolean
  readonly detailedErrors: boolean
  readonly suppressStatusMessages: boolean
  /** In milliseconds. */
  readonly shutdownTimeout: number
}

export function readWebHostOptions(configuration: Configuration): WebHostOptions {
  const flag = (key: string): boolean => isTrue(configuration.get(key))
  return Object.freeze({
    environmentName: configuration.get(WebHostDefaults.Environment),
    applicationName: configuration.get(WebHostDefaults.ApplicationName),
    contentRoot: configuration.get(WebHostDefaults.ContentRoot),
    webRoot: configuration.get(WebHostDefaults.WebRoot),
    captureStartupErrors: flag(WebHostDefaults.CaptureStartupErrors),
    detailedErrors: flag(WebHostDefaults.DetailedErrors),
    suppressStatusMessages: flag(WebHostDefaults.SuppressStatusMessages),
    shutdownTimeout: readSeconds(configuration.get(WebHostDefaults.ShutdownTimeoutSeconds)) ?? 5_000,
  })
}

/** `true` in any case, or `1`; everything else is false. */
export function isTrue(text: string | undefined): boolean {
  return text === '1' || text?.toLowerCase() === 'true'
}

/** A number of seconds in milliseconds; another text says nothing. */
export function readSeconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) * 1_000 : undefined
}
