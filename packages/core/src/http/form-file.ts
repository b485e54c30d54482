import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { HeaderDictionary } from './header-dictionary.ts'
import type { SpillBuffer } from './spill-buffer.ts'
import { equalsText } from './string-comparison.ts'

/**
 * A file that came with a form. Its bytes are kept until the response has ended, in memory or in a temporary file. (ASP.NET Core:
 * IFormFile)
 */
export class FormFile {
  /** The name of the form's field. */
  readonly name: string
  /** What the client calls the file. Never build a path from it. */
  readonly fileName: string
  readonly headers: HeaderDictionary
  readonly #content: SpillBuffer

  constructor(name: string, fileName: string, headers: HeaderDictionary, content: SpillBuffer) {
    this.name = name
    this.fileName = fileName
    this.headers = headers
    this.#content = content
  }

  /** What the client says that it is; undefined when it does not. Browsers derive it from the name. */
  get contentType(): string | undefined {
    return this.headers.get('content-type') ?? undefined
  }

  get contentDisposition(): string | undefined {
    return this.headers.get('content-disposition') ?? undefined
  }

  /** In bytes. */
  get length(): number {
    return this.#content.length
  }

  /** The bytes from the beginning; each call gives a stream of its own. */
  openReadStream(): Readable {
    return this.#content.createReadStream()
  }

  /** Copies the bytes to a stream, which is ended then. A signal stops it with an AbortError. */
  copyToAsync(target: Writable, signal?: AbortSignal): Promise<void> {
    return pipeline(this.openReadStream(), target, { signal })
  }
}

/** The files of a form, in order. (ASP.NET Core: IFormFileCollection) */
export class FormFileCollection implements Iterable<FormFile> {
  readonly #files: readonly FormFile[]

  constructor(files: readonly FormFile[] = []) {
    this.#files = files
  }

  get size(): number {
    return this.#files.length
  }

  /** The first file of a field, ignoring case; undefined when there is none. */
  getFile(name: string): FormFile | undefined {
    return this.#files.find(hasName(name))
  }

  /** All files of a field, ignoring case. */
  getFiles(name: string): FormFile[] {
    return this.#files.filter(hasName(name))
  }

  [Symbol.iterator](): Iterator<FormFile> {
    return this.#files[Symbol.iterator]()
  }
}

function hasName(name: string): (file: FormFile) => boolean {
  return file => equalsText(file.name, name, 'ordinal-ignore-case')
}
