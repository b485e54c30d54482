import { coreErrors } from '../errors/core-errors.ts'
import type { FormFeature } from '../features/form-feature.ts'
import { OptionsRegistry } from '../options/options-registry.ts'
import { createDecoder, readUnlessAborted } from './body-text.ts'
import { FormCollection } from './form-collection.ts'
import { FormFile, FormFileCollection } from './form-file.ts'
import { FormOptions, mergeFormOptions } from './form-options.ts'
import { charsetOf, mediaType, parseHeaderValue } from './header-value.ts'
import { requestServicesOrUndefined } from './http-context.ts'
import type { HttpRequest } from './http-request.ts'
import { MultipartReader, type MultipartSection } from './multipart-reader.ts'
import { decodePercent } from './percent-encoding.ts'
import { SpillBuffer } from './spill-buffer.ts'
import { readUrlEncodedForm } from './url-encoded-form.ts'

const urlEncoded = 'application/x-www-form-urlencoded'
const multipart = 'multipart/form-data'

/** Reads the form of a request by its Content-Type. */
export class DefaultFormFeature implements FormFeature {
  readonly #request: HttpRequest
  #form: Promise<FormCollection> | undefined

  constructor(request: HttpRequest) {
    this.#request = request
  }

  get hasFormContentType(): boolean {
    const type = mediaType(this.#request.contentType)
    return type === urlEncoded || type === multipart
  }

  readFormAsync(options?: Partial<FormOptions>, signal?: AbortSignal): Promise<FormCollection> {
    this.#form ??= readUnlessAborted(this.#request.body, signal, () => this.#read(mergeFormOptions(options, this.#configuredOptions())))
    return this.#form
  }

  #configuredOptions(): FormOptions | undefined {
    const registry = requestServicesOrUndefined(this.#request.httpContext)?.getService(OptionsRegistry)
    return registry?.options(FormOptions).value as FormOptions | undefined
  }

  async #read(options: FormOptions): Promise<FormCollection> {
    const request = this.#request
    const { contentType } = request
    if (!this.hasFormContentType) throw coreErrors.notAForm(contentType)
    if (options.bufferBody) {
      request.enableBuffering({ bufferThreshold: options.memoryBufferThreshold, bufferLimit: options.bufferBodyLengthLimit })
    }
    const form =
      mediaType(contentType) === multipart
        ? await this.#readMultipart(options)
        : new FormCollection(await readUrlEncodedForm(request.body, charsetOf(contentType) ?? 'utf-8', options))
    if (options.bufferBody) request.rewindBody()
    return form
  }

  async #readMultipart(options: FormOptions): Promise<FormCollection> {
    const { multipartBoundaryLengthLimit: limit } = options
    const boundary = parseHeaderValue(this.#request.contentType ?? '')?.parameters.get('boundary')
    if (!boundary) throw coreErrors.formData('The Content-Type of the multipart body names no boundary.')
    if (boundary.length > limit) throw coreErrors.formLimit('multipartBoundaryLengthLimit', limit)

    const pairs: [string, string][] = []
    const files: FormFile[] = []
    const reader = new MultipartReader(boundary, this.#request.body, {
      headersCountLimit: options.multipartHeadersCountLimit,
      headersLengthLimit: options.multipartHeadersLengthLimit,
      bodyLengthLimit: options.multipartBodyLengthLimit,
    })
    for await (const section of reader) {
      const disposition = parseHeaderValue(section.headers.get('content-disposition') ?? '')
      if (disposition === undefined) throw coreErrors.formData('A part of the multipart body has no valid Content-Disposition.')
      if (disposition.value !== 'form-data') continue
      const { parameters } = disposition
      const name = parameters.get('name') ?? ''
      const fileName = extendedValue(parameters.get('filename*')) ?? parameters.get('filename')
      if (Buffer.byteLength(name) > options.keyLengthLimit) throw coreErrors.formLimit('keyLengthLimit', options.keyLengthLimit)
      if ((fileName === undefined ? pairs : files).length === options.valueCountLimit) {
        throw coreErrors.formLimit('valueCountLimit', options.valueCountLimit)
      }
      if (fileName === undefined) pairs.push([name, await readValue(section, options.valueLengthLimit)])
      else files.push(new FormFile(name, fileName, section.headers, await this.#readFile(section, options)))
    }
    return new FormCollection(pairs, new FormFileCollection(files))
  }

  async #readFile(section: MultipartSection, { memoryBufferThreshold }: FormOptions): Promise<SpillBuffer> {
    const content = new SpillBuffer(memoryBufferThreshold)
    this.#request.httpContext.response.registerForDispose(content)
    for await (const chunk of section.body) await content.append(chunk)
    return content
  }
}

async function readValue({ headers, body }: MultipartSection, limit: number): Promise<string> {
  const decoder = createDecoder(charsetOf(headers.get('content-type') ?? undefined) ?? 'utf-8')
  let length = 0
  let text = ''
  for await (const chunk of body) {
    length += chunk.length
    if (length > limit) throw coreErrors.formLimit('valueLengthLimit', limit)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

/** RFC 8187: `UTF-8'language'percent-encoded`. */
function extendedValue(value: string | undefined): string | undefined {
  const encoded = value === undefined ? null : /^utf-8'[^']*'(.*)$/i.exec(value)
  return encoded === null ? undefined : decodePercent(encoded[1]!)
}
