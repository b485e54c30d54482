import { statSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { PathString } from '@windhover/core'
import { staticFilesErrors } from '../errors/static-files-errors.ts'
import { askSend } from './ask-send.ts'
import { type FileInfo, fileInfo } from './file-info.ts'

/**
 * The files of a directory, by paths such as `/images/logo.svg`: decoded, and with `/` on every system. Not seen are what lies outside of the root, names that begin with
 * a dot (but for `/.well-known/`), and what is neither file nor directory. Symbolic links are followed, also out of the root. (.NET: PhysicalFileProvider)
 */
export class PhysicalFileProvider {
  /** The absolute path of the directory. */
  readonly root: string

  /** Raises an argument error for a path that is not absolute and an IO error for a directory that does not exist. */
  constructor(root: string) {
    if (!isAbsolute(root)) throw staticFilesErrors.rootNotAbsolute(root)
    if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) throw staticFilesErrors.rootNotFound(root)
    this.root = resolve(root)
  }

  /** Undefined when there is no such file; a directory is none. Rejects with an IO error when the disk cannot tell. */
  async getFileInfoAsync(subpath: string): Promise<FileInfo | undefined> {
    return (await askSend(this.root, subpath))?.file
  }

  async directoryExistsAsync(subpath: string): Promise<boolean> {
    return (await askSend(this.root, subpath))?.directory !== undefined
  }

  /** The files and directories in a directory, in no particular order. Undefined when there is no such directory. */
  async getDirectoryContentsAsync(subpath: string): Promise<FileInfo[] | undefined> {
    const directory = (await askSend(this.root, subpath))?.directory
    if (directory === undefined) return undefined
    const names = await readdir(directory)
    const entries = await Promise.all(names.map(name => this.#entry(PathString.add(subpath, `/${name}`))))
    return entries.filter(entry => entry !== undefined)
  }

  /** Asked for as a request would, so that a listing shows what can be got. */
  async #entry(subpath: string): Promise<FileInfo | undefined> {
    const answer = await askSend(this.root, subpath)
    return answer?.directory === undefined ? answer?.file : fileInfo(resolve(answer.directory), await stat(answer.directory))
  }
}
