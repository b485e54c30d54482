import { join } from 'node:path'
import { type ApplicationBuilder, type HttpContext, WebHostEnvironment } from '@windhover/core'
import {
  type DefaultFilesOptions,
  FileExtensionContentTypeProvider,
  type FileServerOptions,
  PhysicalFileProvider,
  type StaticFileOptions,
} from '@windhover/static-files'

/** What a step of a pipeline gives for `useStaticFiles`. */
interface RecordedStaticFiles<Action> {
  requestPath?: string
  serveUnknownFileTypes?: boolean
  defaultContentType?: string
  /** Extension to type; null removes the mapping. */
  contentTypes?: Record<string, string | null>
  /** Below the web root. */
  directory?: string
  onPrepareResponse?: Action[]
}

/** The part of the pipeline's interpreter that carries out actions and keeps events. */
export interface StaticFilesHooks<Action> {
  trace(event: string): void
  doAsync(context: HttpContext, actions: Action[]): Promise<void>
}

export function staticFileOptions<Action>(
  app: ApplicationBuilder,
  recorded: RecordedStaticFiles<Action> | true,
  hooks: StaticFilesHooks<Action>,
): StaticFileOptions {
  const {
    requestPath,
    serveUnknownFileTypes,
    defaultContentType,
    contentTypes,
    directory,
    onPrepareResponse,
  }: RecordedStaticFiles<Action> = recorded === true ? {} : recorded
  return {
    requestPath,
    serveUnknownFileTypes,
    defaultContentType,
    contentTypeProvider: contentTypes && contentTypeProvider(contentTypes),
    fileProvider: directory === undefined ? undefined : new PhysicalFileProvider(join(webRootPath(app), directory)),
    onPrepareResponseAsync:
      onPrepareResponse &&
      (async ({ context, file }) => {
        hooks.trace(`prepare ${file.name} status=${context.response.statusCode} length=${context.response.contentLength ?? ''}`)
        await hooks.doAsync(context, onPrepareResponse)
      }),
  }
}

export function defaultFilesOptions(recorded: DefaultFilesOptions | true): DefaultFilesOptions {
  return recorded === true ? {} : recorded
}

export function fileServerOptions(recorded: FileServerOptions | true): FileServerOptions {
  return recorded === true ? {} : recorded
}

function contentTypeProvider(contentTypes: Record<string, string | null>): FileExtensionContentTypeProvider {
  const provider = new FileExtensionContentTypeProvider()
  for (const [extension, contentType] of Object.entries(contentTypes)) {
    if (contentType === null) provider.mappings.delete(extension)
    else provider.mappings.set(extension, contentType)
  }
  return provider
}

function webRootPath(app: ApplicationBuilder): string {
  return app.applicationServices.getRequiredService(WebHostEnvironment).webRootPath!
}
