/**
 * The response that `send` writes to: it keeps status and headers and has no body. The real response gets from it what it needs, so that its own callbacks, limits
 * and errors stay in force.
 */
export class SendHead {
  statusCode = 200
  readonly headersSent = false
  readonly #headers = new Map<string, string>()
  readonly #ended: () => void

  constructor(ended: () => void) {
    this.#ended = ended
  }

  setHeader(name: string, value: string | number): void {
    this.#headers.set(name.toLowerCase(), String(value))
  }

  getHeader(name: string): string | undefined {
    return this.#headers.get(name.toLowerCase())
  }

  removeHeader(name: string): void {
    this.#headers.delete(name.toLowerCase())
  }

  end(): void {
    this.#ended()
  }

  /** 412 or 416, which `send` reports as errors. */
  refuse(statusCode: number): void {
    this.statusCode = statusCode
    this.end()
  }

  /** Where the body begins in the file, in bytes. */
  get offset(): number {
    if (this.statusCode !== 206) return 0
    return Number.parseInt(this.getHeader('Content-Range')!.slice('bytes '.length), 10)
  }

  /** How many bytes the body has. */
  get length(): number {
    return Number(this.getHeader('Content-Length'))
  }
}
