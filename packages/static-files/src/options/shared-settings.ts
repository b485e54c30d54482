import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type ApplicationBuilder, PathString, WebHostEnvironment } from '@windhover/core'
import { staticFilesErrors } from '../errors/static-files-errors.ts'
import { PhysicalFileProvider } from '../files/physical-file-provider.ts'
import type { SharedOptions } from './shared-options.ts'

export interface SharedSettings {
  readonly requestPath: string
  /** Undefined when there is no web root: nothing is found then. */
  readonly files: PhysicalFileProvider | undefined
}

export function readSharedOptions(app: ApplicationBuilder, options: SharedOptions, member: string): SharedSettings {
  const requestPath = options.requestPath ?? ''
  if (requestPath !== '' && (requestPath[0] !== '/' || requestPath.endsWith('/'))) throw staticFilesErrors.requestPath(requestPath)
  return { requestPath: PathString.fromUriComponent(requestPath), files: filesOf(app, options, member) }
}

function filesOf(app: ApplicationBuilder, { fileProvider, root }: SharedOptions, member: string): PhysicalFileProvider | undefined {
  if (root === undefined) return fileProvider ?? webRootFiles(app, member)
  if (fileProvider !== undefined) throw staticFilesErrors.rootBesideFileProvider(root)
  return new PhysicalFileProvider(resolve(app.applicationServices.getService(WebHostEnvironment)?.contentRootPath ?? '.', root))
}

function webRootFiles(app: ApplicationBuilder, member: string): PhysicalFileProvider | undefined {
  const environment = app.applicationServices.getService(WebHostEnvironment)
  if (environment === undefined) throw staticFilesErrors.webRootUnknown(member)
  const { webRootPath } = environment
  return webRootPath !== undefined && existsSync(webRootPath) ? new PhysicalFileProvider(webRootPath) : undefined
}
