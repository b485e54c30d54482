/** Knows the content type of a file by its path. (ASP.NET Core: IContentTypeProvider) */
export interface ContentTypeProvider {
  /** Undefined when the type is not known: the file is then not served, unless `serveUnknownFileTypes` is set. */
  tryGetContentType(subpath: string): string | undefined
}
