import { Readable } from 'node:stream'
import type { Dicer } from '@fastify/busboy'
import { coreErrors } from '../errors/core-errors.ts'
import { HeaderDictionary } from './header-dictionary.ts'

/** Limits of each part. */
export interface MultipartReaderOptions {
  /** Default 16. */
  headersCountLimit?: number
  /** The length of all headers in bytes. Default 16 KiB. */
  headersLengthLimit?: number
  /** The length of the body in bytes. Default unlimited. */
  bodyLengthLimit?: number
}

/** One part of a multipart body. What is not read of it is skipped with the next part. */
export interface MultipartSection {
  readonly headers: HeaderDictionary
  readonly body: Readable
}

/**
 * Reads the parts of a multipart body one after the other (RFC 2046 section 5.1), for uploads that shall not be kept: nothing is read from
 * the client faster than the parts are read. Exceeding a limit raises an invalid-data error, a body that ends before its last boundary an
 * io error. (ASP.NET Core: MultipartReader)
 */
export class MultipartReader implements AsyncIterable<MultipartSection> {
  #dicer: Dicer | undefined
  readonly #limits: Required<MultipartReaderOptions>
  readonly #arrived: MultipartSection[] = []
  #current: MultipartSection | undefined
  #incomplete = 0
  #pumped = false
  #finished = false
  #stopped = false
  #failure: unknown
  #wakeReader: () => void = ignore
  #wakePump: () => void = ignore

  constructor(boundary: string, body: Readable, options: MultipartReaderOptions = {}) {
    const { headersCountLimit = 16, headersLengthLimit = 16 * 1024, bodyLengthLimit = Infinity } = options
    this.#limits = { headersCountLimit, headersLengthLimit, bodyLengthLimit }
    this.#pump(boundary, body).catch(error => this.#fail(error))
  }

  /** Most applications get no form with files: the parser is loaded with the first one. */
  async #createDicer(boundary: string): Promise<Dicer> {
    const { Dicer } = await import('@fastify/busboy')
    const { headersCountLimit, headersLengthLimit } = this.#limits
    // Dicer cuts silently what is too much: one more than allowed shows it.
    const config = { boundary, maxHeaderPairs: headersCountLimit + 1, maxHeaderSize: headersLengthLimit + 1 }
    const dicer = new Dicer(config)
    dicer.on('part', part => this.#onPart(part))
    dicer.on('drain', () => this.#wakePump())
    dicer.on('error', () => this.#fail(coreErrors.formTruncated()))
    dicer.on('finish', () => {
      this.#finished = true
      this.#wakePump()
      this.#wakeReader()
    })
    return dicer
  }

  /** The next part, undefined behind the last one. */
  async readNextSectionAsync(): Promise<MultipartSection | undefined> {
    this.#current?.body.destroy()
    this.#current = undefined
    while (this.#failure === undefined && this.#arrived.length === 0) {
      if (this.#stopped) return undefined
      if (this.#pumped && this.#finished) {
        if (this.#incomplete > 0) throw coreErrors.formData('A part of the multipart body has no blank line behind its headers.')
        return undefined
      }
      await new Promise<void>(resolve => {
        this.#wakeReader = resolve
      })
    }
    if (this.#failure !== undefined) throw this.#failure
    this.#current = this.#arrived.shift()
    this.#wakePump()
    return this.#current
  }

  /** The parts that are left. Leaving the loop early stops to read the body. */
  async *[Symbol.asyncIterator](): AsyncGenerator<MultipartSection> {
    try {
      for (let section = await this.readNextSectionAsync(); section !== undefined; section = await this.readNextSectionAsync())
        yield section
    } finally {
      this.#stop()
    }
  }

  /**
   * Waits while Dicer is full or a part waits for its reader: Dicer alone would take in any number of small parts. What is behind the last
   * boundary is passed over; Dicer may never call back for the chunk that had it. The body is not destroyed on the way out, for that may
   * end the connection before it could be answered.
   */
  async #pump(boundary: string, body: Readable): Promise<void> {
    // Until the loop listens itself: it raises what went wrong before it began.
    body.once('error', ignore)
    const dicer = await this.#createDicer(boundary)
    this.#dicer = dicer
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      if (this.#finished) continue
      dicer.write(chunk)
      while (this.#isBehind(dicer)) {
        await new Promise<void>(resolve => {
          this.#wakePump = resolve
        })
      }
      if (this.#stopped) return
    }
    if (!this.#finished) dicer.end()
    this.#pumped = true
    this.#wakeReader()
  }

  #isBehind(dicer: Dicer): boolean {
    return !this.#stopped && !this.#finished && (dicer.writableNeedDrain || this.#arrived.length > 0)
  }

  #onPart(part: Readable): void {
    this.#incomplete++
    part.on('error', () => this.#fail(coreErrors.formTruncated()))
    part.on('header', (fields: Record<string, string[]>) => {
      this.#incomplete--
      const body = sectionBody(part, this.#limits.bodyLengthLimit)
      try {
        this.#arrived.push({ headers: this.#headers(fields), body })
        this.#wakeReader()
      } catch (error) {
        body.destroy()
        this.#fail(error)
      }
    })
  }

  /** Dicer reads header bytes as Latin-1; browsers send UTF-8. */
  #headers(fields: Record<string, string[]>): HeaderDictionary {
    const { headersCountLimit, headersLengthLimit } = this.#limits
    const lines: string[] = []
    let length = 0
    for (const [name, values] of Object.entries(fields)) {
      for (const value of values) {
        lines.push(name, Buffer.from(value, 'latin1').toString())
        length += name.length + ': '.length + value.length + '\r\n'.length
      }
    }
    if (lines.length / 2 > headersCountLimit) throw coreErrors.formLimit('multipartHeadersCountLimit', headersCountLimit)
    if (length > headersLengthLimit) throw coreErrors.formLimit('multipartHeadersLengthLimit', headersLengthLimit)
    return new HeaderDictionary(lines)
  }

  #fail(error: unknown): void {
    this.#failure ??= error
    this.#stop(error)
    this.#wakeReader()
  }

  #stop(error?: unknown): void {
    this.#stopped = true
    this.#current?.body.destroy(error as Error | undefined)
    this.#dicer?.destroy()
    this.#wakePump()
  }
}

/** A part that nobody reads must still flow, or Dicer would wait for it for ever. */
function sectionBody(part: Readable, limit: number): Readable {
  const body = new Readable({
    read: () => part.resume(),
    destroy: (error, done) => {
      part.resume()
      done(error)
    },
  })
  // An error reaches whoever reads the body; when nobody does it is that of the next part.
  body.on('error', ignore)
  let length = 0
  part.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > limit) body.destroy(coreErrors.formLimit('multipartBodyLengthLimit', limit))
    if (!body.destroyed && !body.push(chunk)) part.pause()
  })
  part.on('end', () => body.push(null))
  part.on('error', () => body.destroy(coreErrors.formTruncated()))
  part.pause()
  return body
}

function ignore(): void {}
