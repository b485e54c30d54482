import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Configuration, HostEnvironment, ServerAddressesFeature, WebHostEnvironment } from '@windhover/core'
import { Host, HostBuilder, WebApplication, WebHost } from '@windhover/hosting'
import { EnvironmentScope } from './hosts/environment-scope.ts'
import type { AnyHost } from './hosts/scripted-host.ts'
import { ReportingServer } from './hosts/scripted-services.ts'
import { Trace } from './trace.ts'

type HostKind = 'webApplication' | 'webHost' | 'genericHost'

interface DefaultsInput {
  readonly host: HostKind
  readonly keys?: readonly string[]
  readonly files?: Readonly<Record<string, unknown>>
  readonly wwwroot?: boolean
  readonly variables?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
}

interface AddressesInput {
  readonly host: HostKind
  readonly args?: readonly string[]
  readonly variables?: Readonly<Record<string, string>>
  readonly settings?: Readonly<Record<string, string>>
  readonly urls?: readonly string[]
}

/** What the default builders make of files, environment variables and arguments. */
export const environmentTables = {
  'environment/is': isEnvironment,
  'configuration/defaults': defaults,
  'addresses/defaults': addresses,
}

function isEnvironment(input: { readonly environment: string; readonly is?: string }): unknown {
  const environment = new HostBuilder().useEnvironment(input.environment).build().services.getRequiredService(HostEnvironment)
  return {
    name: environment.environmentName,
    isDevelopment: environment.isDevelopment(),
    isStaging: environment.isStaging(),
    isProduction: environment.isProduction(),
    isEnvironment: environment.isEnvironment(input.is ?? ''),
  }
}

/** The values of some keys, and the facts of the environment, after the default sources have been added. */
async function defaults(input: DefaultsInput): Promise<unknown> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'parity-defaults-')))
  try {
    for (const [name, content] of Object.entries(input.files ?? {})) writeFileSync(join(root, name), JSON.stringify(content))
    if (input.wwwroot) mkdirSync(join(root, 'wwwroot'))
    using _variables = new EnvironmentScope(input.variables)
    await using host = buildDefault(input.host, root, input.args ?? [])
    const configuration = host.services.getRequiredService(Configuration)
    const environment = host.services.getRequiredService(WebHostEnvironment)
    return {
      values: (input.keys ?? []).map(key => [key, configuration.get(key) ?? null]),
      environment: environment.environmentName,
      contentRoot: environment.contentRootPath === root ? '<root>' : 'elsewhere',
      webRoot: environment.webRootPath?.replace(root, '<root>') ?? null,
    }
  } finally {
    rmSync(root, { recursive: true })
  }
}

function buildDefault(kind: HostKind, contentRootPath: string, args: readonly string[]): AnyHost {
  switch (kind) {
    case 'webApplication':
      return WebApplication.createBuilder({ args, contentRootPath }).build()
    case 'webHost':
      return WebHost.createDefaultBuilder(args)
        .useContentRoot(contentRootPath)
        .configure(() => {})
        .build()
    default:
      return Host.createDefaultBuilder(args)
        .useContentRoot(contentRootPath)
        .configureWebHostDefaults(web => web.configure(() => {}))
        .build()
  }
}

/** The addresses that the server is asked to listen on, without listening. */
async function addresses(input: AddressesInput): Promise<unknown> {
  using _variables = new EnvironmentScope(input.variables)
  const server = new ReportingServer(undefined, new Trace())
  await using host = input.host === 'webHost' ? buildWebHost(input, server) : buildApplication(input, server)
  await host.startAsync()
  const { addresses, preferHostingUrls } = server.features.getRequired(ServerAddressesFeature)
  return { addresses, preferHostingUrls }
}

function buildWebHost({ args = [], settings = {} }: AddressesInput, server: ReportingServer): AnyHost {
  const builder = WebHost.createDefaultBuilder(args)
    .useServer(server)
    .configure(() => {})
  for (const [key, value] of Object.entries(settings)) builder.useSetting(key, value)
  return builder.build()
}

function buildApplication({ args = [], settings = {}, urls = [] }: AddressesInput, server: ReportingServer): AnyHost {
  const builder = WebApplication.createBuilder(args)
  builder.logging.clearProviders()
  builder.webHost.useServer(server)
  for (const [key, value] of Object.entries(settings)) builder.webHost.useSetting(key, value)
  const app = builder.build()
  app.urls.push(...urls)
  return app
}
