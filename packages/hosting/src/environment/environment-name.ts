import { Environments } from '@windhover/core'

/** Gives the well-known names their usual casing, so that `development` finds `appsettings.Development.json`. */
export function environmentName(configured: string | undefined): string {
  const name = configured ?? (process.env.NODE_ENV || Environments.Production)
  return Object.values(Environments).find(known => known.toLowerCase() === name.toLowerCase()) ?? name
}
