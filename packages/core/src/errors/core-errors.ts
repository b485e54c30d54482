import {
  AggregateException,
  ArgumentException,
  ArgumentNullException,
  ArgumentOutOfRangeException,
  BadHttpRequestException,
  FormatException,
  InvalidDataException,
  InvalidOperationException,
  IOException,
  NotSupportedException,
  ObjectDisposedException,
  OperationCanceledException,
} from './exceptions.ts'

/**
 * Every error that core raises, by what went wrong: code, class and message in one place.
 * docs/reference/errors.md lists the same codes; a test compares the two.
 */
export const coreErrors = {
  argumentNull: (paramName: string, member: string): ArgumentNullException =>
    new ArgumentNullException('WINDHOVER_ERR_ARGUMENT_NULL', paramName, `${member} needs a value for "${paramName}", but got none.`),

  argument: (paramName: string, message: string): ArgumentException => new ArgumentException('WINDHOVER_ERR_ARGUMENT', paramName, message),

  argumentOutOfRange: (paramName: string, message: string): ArgumentOutOfRangeException =>
    new ArgumentOutOfRangeException('WINDHOVER_ERR_ARGUMENT_OUT_OF_RANGE', paramName, message),

  contextEnded: (): ObjectDisposedException =>
    new ObjectDisposedException(
      'WINDHOVER_ERR_CONTEXT_ENDED',
      'This HttpContext was used after its request had ended. Read what you need before the middleware returns, and await everything that uses the context.',
    ),

  featureMissing: (feature: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_FEATURE_MISSING',
      `The feature "${feature}" is not available on this request. The server or a middleware has to provide it.`,
    ),

  nextCalledTwice: (middleware: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_NEXT_CALLED_TWICE',
      `Middleware "${middleware}" called next() more than once for one request. Call it once, or not at all to end the pipeline there.`,
    ),

  webSocketsMissing: (): NotSupportedException =>
    new NotSupportedException(
      'WINDHOVER_ERR_WEBSOCKETS_MISSING',
      'This request cannot become a WebSocket: no middleware offers it. Call app.useWebSockets() before the middleware that accepts.',
    ),

  operationCanceled: (operation: string, reason?: unknown): OperationCanceledException =>
    new OperationCanceledException('WINDHOVER_ERR_OPERATION_CANCELED', `${operation} was cancelled by its signal.`, { cause: reason }),

  requestServicesMissing: (): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_REQUEST_SERVICES_MISSING',
      'This HttpContext has no services: it was made without a host. Set context.requestServices, or make it with a ServiceScopeFactory.',
    ),

  sessionMissing: (): InvalidOperationException =>
    new InvalidOperationException('WINDHOVER_ERR_SESSION_MISSING', 'No middleware provides sessions for this request.'),

  endpointNotExecuted: (endpoint: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_ENDPOINT_NOT_EXECUTED',
      `The request reached the end of the pipeline without executing the endpoint "${endpoint}". Add the middleware that executes endpoints.`,
    ),

  responseStarted: (operation: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_RESPONSE_STARTED',
      `${operation} came after the response had started. Status and headers are final once the first byte is written or a WebSocket is accepted.`,
    ),

  headersReadOnly: (): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_HEADERS_READ_ONLY',
      'The headers are read-only because the response has started. Set them before the first write, or in onStarting().',
    ),

  illegalHeaderName: (name: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_HEADER_NAME',
      `${JSON.stringify(name)} is no header name: only letters, digits and !#$%&'*+-.^_\`|~ are allowed (RFC 9110 section 5.1).`,
    ),

  illegalHeaderValue: (name: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_HEADER_VALUE',
      `The value for header "${name}" has a control or non-ASCII character. Encode it first, for example with encodeURI().`,
    ),

  pathWithoutSlash: (path: string): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_PATH_WITHOUT_SLASH',
      'value',
      `A path is empty or starts with "/", but was ${JSON.stringify(path)}.`,
    ),

  queryStringWithoutMark: (queryString: string): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_QUERY_STRING_WITHOUT_MARK',
      'value',
      `A query string is empty or starts with "?", but was ${JSON.stringify(queryString)}.`,
    ),

  notJson: (contentType: string | undefined): BadHttpRequestException =>
    new BadHttpRequestException(
      'WINDHOVER_ERR_NOT_JSON',
      `The body was to be read as JSON, but its Content-Type is ${contentType === undefined ? 'missing' : JSON.stringify(contentType)}.`,
      415,
    ),

  malformedJson: (cause: unknown): BadHttpRequestException =>
    new BadHttpRequestException('WINDHOVER_ERR_MALFORMED_JSON', 'The body of the request is not valid JSON.', 400, { cause }),

  format: (expected: string, text: string): FormatException =>
    new FormatException('WINDHOVER_ERR_FORMAT', `Expected ${expected}, but got ${JSON.stringify(text)}.`),

  configurationValue: (path: string, cause: unknown): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_CONFIGURATION_VALUE',
      `The configuration value at "${path}" does not fit: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    ),

  configurationShapeMissing: (path: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_CONFIGURATION_SHAPE_MISSING',
      `There is a configuration value at "${path}", but the default of that property does not tell its type. ` +
        'Declare it in "static shape" of the class, for example [String] for a list or Shape.optional(Number).',
    ),

  configurationUnknown: (paths: readonly string[], target: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_CONFIGURATION_UNKNOWN',
      `${target} has no property for ${paths.map(path => `"${path}"`).join(', ')}. Remove the keys, or add the properties.`,
    ),

  configurationSectionMissing: (path: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_CONFIGURATION_SECTION_MISSING',
      `The configuration has no section "${path}", and it is required.`,
    ),

  changeListenersFailed: (errors: readonly unknown[]): AggregateException =>
    new AggregateException(
      'WINDHOVER_ERR_CHANGE_LISTENERS_FAILED',
      `${errors.length} listeners threw when they were told of a change.`,
      errors,
    ),

  pathNotUnicode: (path: string, cause: unknown): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_PATH_NOT_UNICODE',
      `The path ${JSON.stringify(path)} has half a surrogate pair and cannot be encoded.`,
      {
        cause,
      },
    ),

  pathWithNull: (): InvalidOperationException =>
    new InvalidOperationException('WINDHOVER_ERR_PATH_WITH_NULL', 'A path must not contain the character NUL, encoded as %00.'),

  cookieName: (name: string): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_COOKIE_NAME',
      'name',
      `${JSON.stringify(name)} is no cookie name: it must be a token (RFC 6265 section 4.1.1).`,
    ),

  cookieAttribute: (attribute: string, value: string): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_COOKIE_ATTRIBUTE',
      attribute,
      `The ${attribute} of a cookie must not contain a semicolon, but was ${JSON.stringify(value)}.`,
    ),

  unknownCharset: (charset: string, cause: unknown): BadHttpRequestException =>
    new BadHttpRequestException(
      'WINDHOVER_ERR_UNKNOWN_CHARSET',
      `The charset ${JSON.stringify(charset)} of the body is not known here.`,
      415,
      { cause },
    ),

  bufferLimit: (limit: number): IOException =>
    new IOException(
      'WINDHOVER_ERR_BUFFER_LIMIT',
      `The body is longer than the ${limit} bytes that may be buffered. Raise bufferLimit, or read it once.`,
    ),

  bufferingNotEnabled: (): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_BUFFERING_NOT_ENABLED',
      'Call request.enableBuffering() before the body is read, to be able to rewind it.',
    ),

  notAForm: (contentType: string | undefined): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_NOT_A_FORM',
      `The body was to be read as a form, but its Content-Type is ${contentType === undefined ? 'missing' : JSON.stringify(contentType)}. Ask request.hasFormContentType first.`,
    ),

  formData: (message: string): InvalidDataException => new InvalidDataException('WINDHOVER_ERR_FORM_DATA', message),

  formLimit: (option: string, limit: number): InvalidDataException =>
    new InvalidDataException(
      'WINDHOVER_ERR_FORM_LIMIT',
      `The form exceeds the limit ${option} of ${limit}. Raise it in FormOptions if such forms are wanted.`,
    ),

  formTruncated: (): IOException => new IOException('WINDHOVER_ERR_FORM_TRUNCATED', 'The multipart body ended before its last boundary.'),

  webRequestMethod: (method: string): NotSupportedException =>
    new NotSupportedException('WINDHOVER_ERR_WEB_REQUEST_METHOD', `A web Request cannot have the method ${method}: fetch forbids it.`),

  middlewareClass: (type: string, problem: string): InvalidOperationException =>
    new InvalidOperationException('WINDHOVER_ERR_MIDDLEWARE_CLASS', `Middleware "${type}" ${problem}.`),

  middlewareArguments: (type: string): NotSupportedException =>
    new NotSupportedException(
      'WINDHOVER_ERR_MIDDLEWARE_ARGUMENTS',
      `Middleware "${type}" is made for each request from the services, so app.useMiddleware() cannot take arguments for it.`,
    ),

  middlewareFactoryMissing: (type: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_MIDDLEWARE_FACTORY_MISSING',
      `Middleware "${type}" needs a MiddlewareFactory, but none is registered. A host registers one; else add DefaultMiddlewareFactory as a scoped service.`,
    ),

  middlewareNotCreated: (type: string, factory: string): InvalidOperationException =>
    new InvalidOperationException('WINDHOVER_ERR_MIDDLEWARE_NOT_CREATED', `The middleware factory "${factory}" made no "${type}".`),
}
