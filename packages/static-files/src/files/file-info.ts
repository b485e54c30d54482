import type { Stats } from 'node:fs'
import { basename } from 'node:path'

/** A file or a directory on the disk. (ASP.NET Core: IFileInfo) */
export interface FileInfo {
  /** Without its directory. */
  readonly name: string
  /** The absolute path on this machine. */
  readonly physicalPath: string
  /** In bytes; of no meaning for a directory. */
  readonly length: number
  readonly lastModified: Date
  readonly isDirectory: boolean
}

export function fileInfo(physicalPath: string, stats: Stats): FileInfo {
  return {
    name: basename(physicalPath),
    physicalPath,
    length: stats.size,
    lastModified: stats.mtime,
    isDirectory: stats.isDirectory(),
  }
}
