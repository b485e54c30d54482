import type { Stats } from 'node:fs'
import { sep } from 'node:path'
import type { Readable } from 'node:stream'
import type Send from 'send'
import { staticFilesErrors } from '../errors/static-files-errors.ts'
import { type ConditionalHeaders, rangeWithin } from './conditional-headers.ts'
import { type FileInfo, fileInfo } from './file-info.ts'
import { SendHead } from './send-head.ts'

/** What `send` has found: a file with the head of its answer, or the absolute path of a directory. */
export type SendAnswer =
  | { readonly file: FileInfo; readonly head: SendHead; readonly directory?: undefined }
  | { readonly directory: string; readonly file?: undefined }

/** Loaded with the first file: with its dependencies and the list of all media types it would take a tenth of an application's start. */
let send: typeof Send | undefined

/**
 * Asks `send` what is below `root` under a path that is decoded already. It is asked for a HEAD: so it looks the file up, keeps to the root, leaves dot files out
 * and decides about conditions and ranges, but leaves the body to the response.
 */
export async function askSend(root: string, path: string, conditions?: ConditionalHeaders): Promise<SendAnswer | undefined> {
  if (isAmbiguous(path)) return undefined
  send ??= (await import('send')).default
  return answerOf(send, root, path, conditions)
}

function answerOf(ask: typeof Send, root: string, path: string, conditions?: ConditionalHeaders): Promise<SendAnswer | undefined> {
  return new Promise((resolve, reject) => {
    let file: FileInfo | undefined
    const request = { method: 'HEAD', headers: {} }
    const head = new SendHead(() => resolve(file && { file, head }))

    // Everything is encoded, `%` too: PathString.toUriComponent() keeps `%XX`, which `send` would decode a second time.
    ask(request as unknown as Readable, encodeURIComponent(path), { root, index: false, dotfiles: dotfiles(path) })
      .on('file', (physicalPath: string, stats: Stats) => {
        // A pipe or a device would be read for ever.
        if (!stats.isFile()) return resolve(undefined)
        file = fileInfo(physicalPath, stats)
        request.headers = { ...conditions, range: rangeWithin(conditions?.range, stats.size) }
        head.setHeader('ETag', strongTag(stats))
      })
      .on('directory', (_head: unknown, directory: string) => resolve({ directory }))
      .on('error', (error: NodeJS.ErrnoException & { status: number }) => {
        if (file !== undefined) head.refuse(error.status)
        else if (isNotFound(error)) resolve(undefined)
        else reject(staticFilesErrors.fileUnreadable(path, error))
      })
      .pipe(head as unknown as NodeJS.WritableStream)
  })
}

const emptyOrDotSegment = /\/\/|\/\.\.?(?:\/|$)/
const readOtherwiseOnWindows = /:|[. ](?:\/|$)/
/** It has no bytes in UTF-8, hence no file name. */
const halfOfAPair = /\p{Surrogate}/u

/**
 * True for a path that the file system would read in another way than the middleware in front of it. `app.map('/admin')` does not see `//admin/x` or `/admin\x`,
 * so no file answers to them.
 */
function isAmbiguous(path: string): boolean {
  return (
    path.includes('\\') || emptyOrDotSegment.test(path) || halfOfAPair.test(path) || (sep === '\\' && readOtherwiseOnWindows.test(path))
  )
}

/** Of what begins with a dot only the well-known locations (RFC 8615) are meant to be seen. */
function dotfiles(path: string): 'allow' | 'ignore' {
  return path.startsWith('/.well-known/') && !path.includes('/.', 1) ? 'allow' : 'ignore'
}

/** Strong, as ASP.NET Core's is: a weak one, such as `send` makes, would let no download resume (RFC 9110 section 13.1.5). */
function strongTag({ size, mtime }: Stats): string {
  return `"${size.toString(16)}-${mtime.getTime().toString(16)}"`
}

/** 400, 403 and 404 of `send`, and as in .NET what may not be looked at and what leads in a circle: nothing is there. */
function isNotFound(error: NodeJS.ErrnoException & { status: number }): boolean {
  return error.status < 500 || error.code === 'EACCES' || error.code === 'ELOOP'
}
