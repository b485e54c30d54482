import { staticFilesErrors } from '../errors/static-files-errors.ts'

/**
 * Content types by file extension, such as `.html`, without regard to case.
 * Setting an extension that does not begin with its dot raises an argument error: it could never match.
 */
export class ExtensionMappings extends Map<string, string> {
  override get(extension: string): string | undefined {
    return super.get(extension.toLowerCase())
  }

  override has(extension: string): boolean {
    return super.has(extension.toLowerCase())
  }

  override set(extension: string, contentType: string): this {
    if (extension[0] !== '.') throw staticFilesErrors.extensionWithoutDot(extension)
    return super.set(extension.toLowerCase(), contentType)
  }

  override delete(extension: string): boolean {
    return super.delete(extension.toLowerCase())
  }
}
