import type { HttpContext } from '@windhover/core'
import type { FileInfo } from '../files/file-info.ts'

/** Writes what a directory contains to the response, headers included. (ASP.NET Core: IDirectoryFormatter) */
export interface DirectoryFormatter {
  generateContentAsync(context: HttpContext, contents: readonly FileInfo[]): Promise<void>
}
