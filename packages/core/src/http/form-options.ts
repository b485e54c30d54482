/**
 * Limits of reading a form; exceeding one raises an invalid-data error. Sizes are in bytes. For the whole application:
 * `services.configure(FormOptions, options => { ... })`. (ASP.NET Core: FormOptions)
 */
export class FormOptions {
  /** Keeps the body as `request.enableBuffering()` does, so that it can be read again after the form. Default false. */
  bufferBody: boolean = false
  /** With `bufferBody`: how much of the body is kept. Default 128 MiB. */
  bufferBodyLengthLimit: number = 128 * 1024 * 1024
  /** How much of each file, and with `bufferBody` of the body, stays in memory; what is beyond goes to a temporary file. Default 64 KiB. */
  memoryBufferThreshold: number = 64 * 1024
  /** How many values, and how many files, a form may have. Default 1024. */
  valueCountLimit: number = 1024
  /** The length of a name: as sent, percent encoding included. Default 2 KiB. */
  keyLengthLimit: number = 2048
  /** The length of a value: as sent, percent encoding included. Default 4 MiB. */
  valueLengthLimit: number = 4 * 1024 * 1024
  /** The length of the boundary that separates the parts of a multipart body. Default 128. */
  multipartBoundaryLengthLimit: number = 128
  /** How many headers a part may have. Default 16. */
  multipartHeadersCountLimit: number = 16
  /** The length of all headers of a part. Default 16 KiB. */
  multipartHeadersLengthLimit: number = 16 * 1024
  /** The length of one file. Default 128 MiB. */
  multipartBodyLengthLimit: number = 128 * 1024 * 1024
}

/** A copy in which what is not given has its default. */
export function mergeFormOptions(given: Partial<FormOptions> = {}, defaults: FormOptions = new FormOptions()): FormOptions {
  return Object.freeze({
    bufferBody: given.bufferBody ?? defaults.bufferBody,
    bufferBodyLengthLimit: given.bufferBodyLengthLimit ?? defaults.bufferBodyLengthLimit,
    memoryBufferThreshold: given.memoryBufferThreshold ?? defaults.memoryBufferThreshold,
    valueCountLimit: given.valueCountLimit ?? defaults.valueCountLimit,
    keyLengthLimit: given.keyLengthLimit ?? defaults.keyLengthLimit,
    valueLengthLimit: given.valueLengthLimit ?? defaults.valueLengthLimit,
    multipartBoundaryLengthLimit: given.multipartBoundaryLengthLimit ?? defaults.multipartBoundaryLengthLimit,
    multipartHeadersCountLimit: given.multipartHeadersCountLimit ?? defaults.multipartHeadersCountLimit,
    multipartHeadersLengthLimit: given.multipartHeadersLengthLimit ?? defaults.multipartHeadersLengthLimit,
    multipartBodyLengthLimit: given.multipartBodyLengthLimit ?? defaults.multipartBodyLengthLimit,
  })
}
