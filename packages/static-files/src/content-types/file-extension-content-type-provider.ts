import type { ContentTypeProvider } from './content-type-provider.ts'
import { ExtensionMappings } from './extension-mappings.ts'
import { extensionsByContentType } from './extensions-by-content-type.ts'

/** Takes the content type from the last extension of the file's name. (ASP.NET Core: FileExtensionContentTypeProvider) */
export class FileExtensionContentTypeProvider implements ContentTypeProvider {
  /** What may be added to, changed and removed. */
  readonly mappings: ExtensionMappings

  /** Default: ASP.NET Core's 382 mappings. Raises an argument error for an extension without its dot. */
  constructor(mappings: Iterable<readonly [extension: string, contentType: string]> = standardMappings()) {
    this.mappings = new ExtensionMappings(mappings)
  }

  tryGetContentType(subpath: string): string | undefined {
    const dot = subpath.lastIndexOf('.')
    return dot < 0 ? undefined : this.mappings.get(subpath.slice(dot))
  }
}

function* standardMappings(): Iterable<[string, string]> {
  for (const [contentType, extensions] of Object.entries(extensionsByContentType)) {
    for (const extension of extensions.split(' ')) yield [extension, contentType]
  }
}
