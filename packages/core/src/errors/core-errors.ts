import { OptionsValidationException } from '../options/options-validation-exception.ts'
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
import { kindOf } from './kind-of.ts'

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

  illegalContentLength: (value: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_CONTENT_LENGTH',
      `${JSON.stringify(value)} is no Content-Length: it is a whole number of bytes (RFC 9110 section 8.6).`,
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

  cookieValue: (name: string, value: unknown): ArgumentException =>
    new ArgumentException('WINDHOVER_ERR_COOKIE_VALUE', 'value', `The value of the cookie "${name}" is a string, not ${kindOf(value)}.`),

  writtenData: (data: unknown): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_WRITTEN_DATA',
      'data',
      `response.writeAsync() takes a string or a Uint8Array, not ${kindOf(data)}. Other values are written by writeAsJsonAsync().`,
    ),

  messageData: (data: unknown): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_MESSAGE_DATA',
      'data',
      `WebSocketMessage.prepare() takes a string or a Uint8Array, not ${kindOf(data)}.`,
    ),

  logLevel: (level: unknown): ArgumentOutOfRangeException =>
    new ArgumentOutOfRangeException(
      'WINDHOVER_ERR_LOG_LEVEL',
      'level',
      `A level is one of LogLevel, from LogLevel.Trace (0) to LogLevel.None (6), not ${typeof level === 'string' ? JSON.stringify(level) : String(level)}.`,
    ),

  acceptArgument: (argument: unknown): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_ACCEPT_ARGUMENT',
      'subProtocolOrContext',
      `acceptWebSocketAsync() takes the name of a sub-protocol or an object of options, not ${kindOf(argument)}.`,
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

  bodyIncomplete: (): IOException =>
    new IOException('WINDHOVER_ERR_BODY_INCOMPLETE', 'The body of the request was closed before its end, so it cannot be read.'),

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

  identifierInvalid: (identifier: unknown): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_SERVICE_IDENTIFIER',
      'identifier',
      `A service is registered and asked for by a class or by a token of createServiceToken(name), but got ${kindOf(identifier)}. A class that is undefined here comes from a module that imports this one in turn.`,
    ),

  implementationInvalid: (service: string, ways: readonly string[]): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_SERVICE_IMPLEMENTATION',
      'implementation',
      ways.length > 1
        ? `The registration of ${service} has ${ways.join(' and ')}; give exactly one of them.`
        : `The registration of ${service} needs a class, { useClass: class }, { useFactory: function } or { useValue: object }.`,
    ),

  implementationIndistinguishable: (registration: string): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_SERVICE_INDISTINGUISHABLE',
      'descriptor',
      `tryAddEnumerable tells registrations apart by their class, but that of ${registration} cannot be told from other registrations. Register a class of its own.`,
    ),

  instanceNotSingleton: (registration: string): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_SERVICE_INSTANCE',
      'implementation',
      `${registration} is registered with useValue, but one object for all is a singleton. Use addSingleton, or useFactory to make one each time.`,
    ),

  servicesReadOnly: (): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_SERVICES_READ_ONLY',
      'The services cannot be changed any more: the host has built its provider. Register in configureServices.',
    ),

  servicesInvalid: (errors: readonly unknown[]): AggregateException =>
    new AggregateException(
      'WINDHOVER_ERR_SERVICES_INVALID',
      `Some services cannot be constructed:${errors.map(error => `\n- ${error instanceof Error ? error.message : String(error)}`).join('')}`,
      errors,
    ),

  serviceMissing: (path: readonly string[], namesakeRegistered = false): InvalidOperationException => {
    const hint = namesakeRegistered
      ? ` Another service of that name is registered: is its module loaded twice, or is it registered with another key?`
      : ''
    return new InvalidOperationException(
      'WINDHOVER_ERR_SERVICE_MISSING',
      `No service "${path.at(-1)}" is registered${path.length > 1 ? `, which is needed here: ${path.join(' -> ')}` : ''}.${hint}`,
    )
  },

  serviceCycle: (path: readonly string[]): InvalidOperationException =>
    new InvalidOperationException('WINDHOVER_ERR_SERVICE_CYCLE', `Services need each other in a circle: ${path.join(' -> ')}.`),

  scopedFromRoot: (path: readonly string[]): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_SCOPED_FROM_ROOT',
      `"${path.at(-1)}" is scoped, but was asked from the root provider${path.length > 1 ? `: ${path.join(' -> ')}` : ''}. Ask context.requestServices or a scope of createScope().`,
    ),

  scopedInSingleton: (path: readonly string[]): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_SCOPED_IN_SINGLETON',
      `The singleton "${path[0]}" would keep the scoped service "${path.at(-1)}" for ever: ${path.join(' -> ')}. Make the one scoped, or the other a singleton.`,
    ),

  anyKeyRequested: (service: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_ANY_KEY_REQUESTED',
      `One service "${service}" was asked for with KeyedService.AnyKey, which stands for many. Give its key, or use getKeyedServices.`,
    ),

  serviceKeyMissing: (path: readonly string[]): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_SERVICE_KEY_MISSING',
      `ServiceKey stands for the key of the service that is being made, but there is none: ${path.join(' -> ')}. Register the class with a key.`,
    ),

  providerDisposed: (): ObjectDisposedException =>
    new ObjectDisposedException(
      'WINDHOVER_ERR_PROVIDER_DISPOSED',
      'This service provider has been disposed: its scope, or the host, has ended. Ask for services while it lives.',
    ),

  asyncDisposeOnly: (type: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_ASYNC_DISPOSE_ONLY',
      `"${type}" can only be disposed asynchronously. Dispose its scope or provider with "await using" or [Symbol.asyncDispose]().`,
    ),

  disposeFailed: (errors: readonly unknown[]): AggregateException =>
    new AggregateException('WINDHOVER_ERR_DISPOSE_FAILED', `${errors.length} objects could not be disposed.`, errors),

  dependenciesUnknown: (type: string, count: number): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_DEPENDENCIES_UNKNOWN',
      `The constructor of "${type}" takes ${count === 1 ? 'a parameter' : `${count} parameters`}, but nothing says which services ${count === 1 ? 'it is' : 'they are'}. Add "static inject = [...] as const" to the class, or @injectable() with emitDecoratorMetadata (which esbuild, tsx and Node's type stripping do not emit).`,
    ),

  parameterUnknown: (type: string, member: string, index: number): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_PARAMETER_UNKNOWN',
      `Nothing says which service parameter ${index} of "${type}.${member}" is, or its type vanishes at run time (an interface, a union, an "import type"). ${
        member === 'constructor'
          ? 'Mark it with @inject(...), or list it in "static inject".'
          : `Mark it with @fromServices(...), or list it in "static inject = { ${member}: [...] }".`
      }`,
    ),

  parameterNotAService: (type: string, member: string, index: number, got: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_PARAMETER_NOT_A_SERVICE',
      `What stands for parameter ${index} of "${type}.${member}" must be a class or a token of createServiceToken(name), but is ${got}.`,
    ),

  parameterUnresolved: (type: string, member: string, index: number, service: string, cause?: unknown): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_PARAMETER_UNRESOLVED',
      `Parameter ${index} of "${type}.${member}" needs the service "${service}". ${cause instanceof Error ? cause.message : 'It is not registered.'}`,
      cause === undefined ? undefined : { cause },
    ),

  injectNotAList: (type: string, member: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_INJECT_NOT_A_LIST',
      `"static inject" of "${type}" must list the services of its ${member} in an array, as in "static inject = [Clock] as const" or "{ ${member}: [Clock] }".`,
    ),

  injectInherited: (type: string, base: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_INJECT_INHERITED',
      `"${type}" inherits the dependencies of "${base}", but has a constructor of its own. Only a class's own list counts: add "static inject = [...] as const" to "${type}" (or @injectable()).`,
    ),

  argumentSuperfluous: (type: string, index: number): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_ARGUMENT_SUPERFLUOUS',
      `The constructor of "${type}" has no parameter for argument ${index} that was given to create it.`,
    ),

  methodMissing: (type: string, method: string): InvalidOperationException =>
    new InvalidOperationException('WINDHOVER_ERR_METHOD_MISSING', `"${type}" has no method "${method}".`),

  decoratorOnMethod: (decorator: string, type: string, method: string, index: number): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_DECORATOR_ON_METHOD',
      `@${decorator}() marks parameters of constructors; parameter ${index} of the method "${type}.${method}" takes @fromServices().`,
    ),

  loadedTwice: (name: string, first: string, second: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_LOADED_TWICE',
      `${name} is loaded twice, from ${first} and from ${second}: their services and errors would not know each other. Keep one copy (npm ls ${name}, npm dedupe).`,
    ),

  messageTemplate: (template: string, position: number): FormatException =>
    new FormatException(
      'WINDHOVER_ERR_MESSAGE_TEMPLATE',
      `The message template ${JSON.stringify(template)} has a brace at position ${position} that opens or closes no hole such as {Name}, {Name,5} or {Name:0.00}. A brace itself is written twice.`,
    ),

  messageArgumentMissing: (name: string, count: number): FormatException =>
    new FormatException('WINDHOVER_ERR_MESSAGE_ARGUMENT_MISSING', `The message has no argument for {${name}}: it was given ${count}.`),

  logWriteFailed: (category: string, errors: readonly unknown[]): AggregateException =>
    new AggregateException(
      'WINDHOVER_ERR_LOG_WRITE_FAILED',
      `Writing an entry of the category "${category}" failed: ${errors.map(error => (error instanceof Error ? error.message : String(error))).join('; ')}`,
      errors,
    ),

  filterWithWildcards: (category: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_FILTER_WITH_WILDCARDS',
      `A log filter takes one "*" in its category, but has "${category}".`,
    ),

  loggerFactoryDisposed: (): ObjectDisposedException =>
    new ObjectDisposedException(
      'WINDHOVER_ERR_LOGGER_FACTORY_DISPOSED',
      'The LoggerFactory has been disposed and makes no loggers any more.',
    ),

  startupValidationFailed: (errors: readonly unknown[]): AggregateException =>
    new AggregateException(
      'WINDHOVER_ERR_STARTUP_VALIDATION_FAILED',
      `Options of several classes do not pass their validation: ${errors.map(error => (error as Error).message).join(' ')}`,
      errors,
    ),

  optionsInvalid: (optionsName: string, optionsType: string, failures: readonly string[]): OptionsValidationException =>
    new OptionsValidationException(optionsName, optionsType, failures),
}
