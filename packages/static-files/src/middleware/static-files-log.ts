import { type HttpContext, type Logger, LoggerFactory, type ServiceProvider } from '@windhover/core'
import type { FileInfo } from '../files/file-info.ts'
import type { SendHead } from '../files/send-head.ts'

/** The numbers of ASP.NET Core's StaticFileMiddleware. */
const events = {
  fileServed: 2,
  fileTypeNotSupported: 4,
  fileNotFound: 5,
  fileNotModified: 6,
  preconditionFailed: 7,
  rangeNotSatisfiable: 8,
  fileRangeServed: 9,
  writeCancelled: 11,
  webRootNotFound: 16,
}

/** What static files have to say; nothing where the application has no logging. */
export class StaticFilesLog {
  readonly #logger: Logger | undefined

  constructor(services: ServiceProvider) {
    this.#logger = services.getService(LoggerFactory)?.createLogger('Windhover.StaticFiles')
  }

  webRootNotFound(): void {
    this.#logger?.logWarning(
      events.webRootNotFound,
      'The web root was not found, so there are no static files. Make a folder "wwwroot", or configure "webroot".',
    )
  }

  fileTypeNotSupported(path: string): void {
    this.#logger?.logDebug(events.fileTypeNotSupported, 'The request path {Path} does not match a supported file type', path)
  }

  fileNotFound(path: string): void {
    this.#logger?.logDebug(events.fileNotFound, 'The request path {Path} does not match an existing file', path)
  }

  writeCancelled(path: string): void {
    this.#logger?.logDebug(events.writeCancelled, 'The file transmission was cancelled: {Path}', path)
  }

  answered({ request }: HttpContext, { physicalPath }: FileInfo, head: SendHead): void {
    const { path } = request
    switch (head.statusCode) {
      case 206:
        this.#logger?.logInformation(
          events.fileRangeServed,
          'Sending {Range} of file {PhysicalPath}. Request path: {Path}',
          head.getHeader('Content-Range'),
          physicalPath,
          path,
        )
        break
      case 304:
        this.#logger?.logInformation(events.fileNotModified, 'The file {Path} was not modified', path)
        break
      case 412:
        this.#logger?.logInformation(events.preconditionFailed, 'Precondition for {Path} failed', path)
        break
      case 416:
        this.#logger?.logInformation(events.rangeNotSatisfiable, 'Range not satisfiable for {Path}', path)
        break
      default:
        this.#logger?.logInformation(
          events.fileServed,
          'Sending file. Request path: {Path}. Physical path: {PhysicalPath}',
          path,
          physicalPath,
        )
    }
  }
}
