/** A header value of the form `value; name=parameter`, such as Content-Type and Content-Disposition have. */
export interface ParameterizedHeader {
  /** What stands before the first semicolon, in lower case. */
  readonly value: string
  /** By name in lower case; of two with one name the first counts. */
  readonly parameters: ReadonlyMap<string, string>
}

/** RFC 9110 section 5.6.6, with blanks around `=` and an empty parameter forgiven. */
const parameter = /[ \t]*;[ \t]*(?:([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^"; \t]*))[ \t]*)?/y

/** Undefined when the text does not have this form. */
export function parseHeaderValue(text: string): ParameterizedHeader | undefined {
  const semicolon = text.indexOf(';')
  const parameters = new Map<string, string>()
  const value = mediaType(text)
  if (value === '') return undefined
  for (parameter.lastIndex = semicolon; semicolon >= 0 && parameter.lastIndex < text.length; ) {
    const match = parameter.exec(text)
    if (match === null) return undefined
    const [, name, quoted, token] = match
    if (name === undefined || parameters.has(name.toLowerCase())) continue
    parameters.set(name.toLowerCase(), token ?? quoted!.replace(/\\(["\\])/g, '$1'))
  }
  return { value, parameters }
}

/** The media type of a Content-Type without its parameters, in lower case; empty when there is none. */
export function mediaType(contentType: string | undefined): string {
  if (contentType === undefined) return ''
  const semicolon = contentType.indexOf(';')
  return (semicolon < 0 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase()
}

/** The charset that a Content-Type names, as it names it; undefined when it names none. */
export function charsetOf(contentType: string | undefined): string | undefined {
  return contentType?.includes('=') ? parseHeaderValue(contentType)?.parameters.get('charset') : undefined
}
