import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { WebHostEnvironment } from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'
import { environmentName } from './environment-name.ts'
import { programName } from './program-name.ts'

/** What the configuration of a host says about its environment; undefined: nothing. */
export interface HostEnvironmentSettings {
  readonly environmentName: string | undefined
  readonly applicationName: string | undefined
  /** Relative to the working directory. */
  readonly contentRoot: string | undefined
  /** Relative to the content root. */
  readonly webRoot: string | undefined
}

/** The environment of every kind of host; a host without a server does not offer it as a `WebHostEnvironment`. (ASP.NET Core: HostingEnvironment) */
export class DefaultHostEnvironment extends WebHostEnvironment {
  readonly environmentName: string
  readonly applicationName: string
  readonly contentRootPath: string
  webRootPath: string | undefined

  /** Raises an argument error when the content root is no folder. */
  constructor(settings: HostEnvironmentSettings) {
    super()
    this.environmentName = environmentName(settings.environmentName)
    this.applicationName = settings.applicationName ?? programName()
    this.contentRootPath = resolve(settings.contentRoot ?? '')
    if (!isFolder(this.contentRootPath)) throw hostingErrors.contentRootMissing(this.contentRootPath)
    this.webRootPath = webRootPath(this.contentRootPath, settings.webRoot)
  }

  /** Takes the folder of static files from a later source of the configuration; relative to the content root, undefined or empty: the usual one. */
  setWebRoot(webRoot: string | undefined): void {
    this.webRootPath = webRootPath(this.contentRootPath, webRoot)
  }
}

function webRootPath(contentRoot: string, configured: string | undefined): string | undefined {
  if (configured !== undefined && configured !== '') return resolve(contentRoot, configured)
  const usual = resolve(contentRoot, 'wwwroot')
  return existsSync(usual) ? usual : undefined
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
