import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Site } from './sites.ts'

/** What the runner passes on the command line. */
export interface ServerSettings {
  readonly port: number
  readonly http2Port: number
  readonly sites: Record<string, Site>
  readonly maxUpgradedConnections: number | undefined
  readonly shutdownTimeout: number | undefined
}

export function parseSettings(args: readonly string[]): ServerSettings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string' },
      'http2-port': { type: 'string' },
      sites: { type: 'string' },
      'max-upgraded-connections': { type: 'string' },
      'shutdown-timeout': { type: 'string' },
    },
  })
  if (values.port === undefined || values['http2-port'] === undefined || values.sites === undefined)
    throw new Error('--port, --http2-port and --sites are required')
  return {
    port: Number(values.port),
    http2Port: Number(values['http2-port']),
    sites: JSON.parse(readFileSync(values.sites, 'utf8')),
    maxUpgradedConnections: numberOf(values['max-upgraded-connections']),
    shutdownTimeout: numberOf(values['shutdown-timeout']),
  }
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}
