import {
  AggregateException,
  ArgumentException,
  ArgumentOutOfRangeException,
  BadHttpRequestException,
  FormatException,
  InvalidDataException,
  InvalidOperationException,
  IOException,
  kindOf,
  NotSupportedException,
  ObjectDisposedException,
  OperationCanceledException,
} from '@windhover/core'

/**
 * Every error that hosting raises, by what went wrong: code, class and message in one place.
 * docs/reference/errors.md lists the same codes; a test compares the two.
 */
export const hostingErrors = {
  configurationWithoutSources: (key: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_CONFIGURATION_WITHOUT_SOURCES',
      `The configuration value "${key}" cannot be set: no source has been added. Add one, for example with addInMemoryCollection().`,
    ),

  configurationFileUnreadable: (path: string, cause: unknown): IOException =>
    new IOException(
      'WINDHOVER_ERR_CONFIGURATION_FILE_UNREADABLE',
      `The configuration file "${path}" cannot be read: ${(cause as Error).message}. A file that may be missing is added with { optional: true }.`,
      { cause },
    ),

  configurationFileInvalid: (path: string, cause: unknown): InvalidDataException =>
    new InvalidDataException(
      'WINDHOVER_ERR_CONFIGURATION_FILE_INVALID',
      `The configuration file "${path}" is no valid JSON: ${(cause as Error).message}`,
      { cause },
    ),

  jsonUnexpected: (expected: string, line: number, column: number, cause?: unknown): FormatException =>
    new FormatException('WINDHOVER_ERR_JSON', `Expected ${expected} at line ${line}, column ${column}.`, { cause }),

  jsonDuplicateKey: (path: string, line: number, column: number): FormatException =>
    new FormatException(
      'WINDHOVER_ERR_JSON_DUPLICATE_KEY',
      `The key "${path}" comes a second time at line ${line}, column ${column}. Keys ignore case.`,
    ),

  jsonHalfSurrogate: (line: number, column: number): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_JSON_HALF_SURROGATE',
      `The text before line ${line}, column ${column} has half a surrogate pair, which is no character.`,
    ),

  configurationKeyTwice: (key: string): ArgumentException =>
    new ArgumentException('WINDHOVER_ERR_CONFIGURATION_KEY_TWICE', 'initialData', `The key "${key}" comes twice. Keys ignore case.`),

  logLevelUnwritable: (level: number): ArgumentOutOfRangeException =>
    new ArgumentOutOfRangeException('WINDHOVER_ERR_LOG_LEVEL_UNWRITABLE', 'level', `No entry of the level ${level} is ever written.`),

  unmappedSwitch: (name: string): FormatException =>
    new FormatException(
      'WINDHOVER_ERR_UNMAPPED_SWITCH',
      `The argument "${name}" begins with one dash, but no switch mapping tells its key. Add a mapping, or write it with two dashes.`,
    ),

  switchWithoutDash: (name: string): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_SWITCH_WITHOUT_DASH',
      'switchMappings',
      `A switch begins with "-" or "--", but the mapping has "${name}".`,
    ),

  switchMappedTwice: (name: string): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_SWITCH_MAPPED_TWICE',
      'switchMappings',
      `The switch "${name}" is mapped twice. Switches ignore case.`,
    ),

  limitOutOfRange: (name: string, value: unknown, minimum: number): ArgumentOutOfRangeException =>
    new ArgumentOutOfRangeException(
      'WINDHOVER_ERR_LIMIT_OUT_OF_RANGE',
      name,
      `The limit "${name}" is a number of at least ${minimum}, or null for no limit where that is offered, but was ${String(value)}.`,
    ),

  protocolsUnknown: (value: unknown, known: readonly string[]): ArgumentOutOfRangeException =>
    new ArgumentOutOfRangeException(
      'WINDHOVER_ERR_PROTOCOLS_UNKNOWN',
      'protocols',
      `The protocols of an endpoint are one of ${known.join(', ')}, not "${String(value)}".`,
    ),

  addressMalformed: (address: string): FormatException =>
    new FormatException(
      'WINDHOVER_ERR_ADDRESS_MALFORMED',
      `The address "${address}" has no scheme or no host. Write it like http://localhost:5000, http://*:80 or http://unix:/run/app.sock.`,
    ),

  socketFileIsFolder: (address: string): ArgumentOutOfRangeException =>
    new ArgumentOutOfRangeException(
      'WINDHOVER_ERR_SOCKET_FILE_IS_FOLDER',
      'address',
      `The address "${address}" ends with a slash, but a socket is a file: write it like http://unix:/run/app.sock.`,
    ),

  addressSchemeUnknown: (address: string): InvalidOperationException =>
    new InvalidOperationException('WINDHOVER_ERR_ADDRESS_SCHEME', `The server listens for "http://" and "https://", not for "${address}".`),

  addressWithPath: (address: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_ADDRESS_WITH_PATH',
      `The address "${address}" has a path. Leave it out, and call app.usePathBase() in the pipeline.`,
    ),

  addressPortOutOfRange: (address: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_ADDRESS_PORT',
      `The port of "${address}" is not between 0 and 65535; 0 takes any free one.`,
    ),

  addressHostMalformed: (address: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_ADDRESS_HOST',
      `The host of "${address}" is none: use localhost, * or + for every interface, or an IP address. Check also that the port is a number.`,
    ),

  httpsNotConfigured: (address: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_HTTPS_NOT_CONFIGURED',
      `The server cannot listen on "${address}": it has no certificate. Name one in the configuration (NodeServer:Certificates:Default:Path) or in the option https of useNodeServer(); for development make one with: npx windhover dev-certs https`,
    ),

  certificateUnreadable: (path: string, cause: unknown): IOException =>
    new IOException('WINDHOVER_ERR_CERTIFICATE_UNREADABLE', `The certificate file "${path}" cannot be read: ${(cause as Error).message}`, {
      cause,
    }),

  certificateInvalid: (cause: unknown): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_CERTIFICATE_INVALID',
      `A certificate cannot be used: ${(cause as Error).message}. Look whether it belongs to its key, and whether the password is right.`,
      { cause },
    ),

  addressNotBound: (address: string, cause: unknown): IOException =>
    new IOException(
      'WINDHOVER_ERR_ADDRESS_NOT_BOUND',
      (cause as NodeJS.ErrnoException).code === 'EADDRINUSE'
        ? `The address ${address} is already in use. Stop the other process, or choose another port.`
        : `The server cannot listen on ${address}: ${(cause as Error).message}`,
      { cause },
    ),

  serverStarted: (): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_SERVER_STARTED',
      'The server has been started before. A server starts once; make another one.',
    ),

  serverNotRunning: (): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_SERVER_NOT_RUNNING',
      'The server takes connections between startAsync() and stopAsync() only.',
    ),

  startCanceled: (reason: unknown): OperationCanceledException =>
    new OperationCanceledException('WINDHOVER_ERR_START_CANCELED', 'The start of the server was cancelled by its signal.', {
      cause: reason,
    }),

  requestAborted: (): OperationCanceledException =>
    new OperationCanceledException('WINDHOVER_ERR_REQUEST_ABORTED', 'The request was aborted, or its connection has closed.'),

  requestBodyTooLarge: (limit: number): BadHttpRequestException =>
    new BadHttpRequestException(
      'WINDHOVER_ERR_REQUEST_BODY_TOO_LARGE',
      `The body of the request is larger than ${limit} bytes. The limit is maxRequestBodySize, of the server or of the request.`,
      413,
    ),

  requestBodyTooSlow: (bytesPerSecond: number): BadHttpRequestException =>
    new BadHttpRequestException(
      'WINDHOVER_ERR_REQUEST_BODY_TOO_SLOW',
      `The body of the request arrives at less than ${bytesPerSecond} bytes per second. The limit is minRequestBodyDataRate.`,
      408,
    ),

  requestBodyMalformed: (cause: unknown): BadHttpRequestException =>
    new BadHttpRequestException('WINDHOVER_ERR_REQUEST_BODY_MALFORMED', 'The body of the request is not framed as HTTP demands.', 400, {
      cause,
    }),

  requestBodyIncomplete: (): BadHttpRequestException =>
    new BadHttpRequestException(
      'WINDHOVER_ERR_REQUEST_BODY_INCOMPLETE',
      'The connection closed before the body of the request was complete.',
    ),

  maxRequestBodySizeReadOnly: (): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_MAX_REQUEST_BODY_SIZE_READ_ONLY',
      'The size limit of the body cannot change any more: its reading has begun, or the request was upgraded.',
    ),

  statusCodeOutOfRange: (statusCode: unknown): ArgumentOutOfRangeException =>
    new ArgumentOutOfRangeException(
      'WINDHOVER_ERR_STATUS_CODE',
      'statusCode',
      `A status code has three digits (RFC 9110 section 15), but was ${String(statusCode)}.`,
    ),

  responseStarted: (operation: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_RESPONSE_STARTED',
      `${operation} came after the response had started. Status and headers are final once the first byte is written or a WebSocket is accepted.`,
    ),

  reasonPhraseIllegal: (): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_REASON_PHRASE',
      'The reason phrase has a control or non-ASCII character (RFC 9112 section 4).',
    ),

  bodyNotAllowed: (statusCode: number): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_BODY_NOT_ALLOWED',
      `A response with status ${statusCode} has no body (RFC 9110 section 6.4.1).`,
    ),

  headerNotAllowed: (header: string, statusCode: number): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_HEADER_NOT_ALLOWED',
      `A response with status ${statusCode} has no body, so it cannot have this ${header}.`,
    ),

  contentLengthExceeded: (declared: number, written: number): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_CONTENT_LENGTH_EXCEEDED',
      `The response declares a Content-Length of ${declared}, but ${written} bytes were to be written.`,
    ),

  contentLengthMissed: (declared: number, written: number): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_CONTENT_LENGTH_MISSED',
      `The response declares a Content-Length of ${declared}, but ended after ${written} bytes.`,
    ),

  responseCompleted: (): InvalidOperationException =>
    new InvalidOperationException('WINDHOVER_ERR_RESPONSE_COMPLETED', 'The response was completed, so nothing can be written any more.'),

  responseClosed: (): ObjectDisposedException =>
    new ObjectDisposedException(
      'WINDHOVER_ERR_RESPONSE_CLOSED',
      'The response has ended with its request. Await every write before the middleware returns; onCompleted() cannot write.',
    ),

  responseNotStarted: (cause: unknown): ObjectDisposedException =>
    new ObjectDisposedException(
      'WINDHOVER_ERR_RESPONSE_NOT_STARTED',
      'The response could not start, because an onStarting() callback has failed. The cause was logged.',
      { cause },
    ),

  notUpgradable: (): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_NOT_UPGRADABLE',
      'This request cannot be upgraded: it does not ask for it, or it has a body. Look at isUpgradableRequest first.',
    ),

  notExtendedConnect: (): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_NOT_EXTENDED_CONNECT',
      'This request is no extended CONNECT of HTTP/2. Look at isExtendedConnect first.',
    ),

  upgradedTwice: (): InvalidOperationException =>
    new InvalidOperationException('WINDHOVER_ERR_UPGRADED_TWICE', 'This request was upgraded before. Its stream can be taken once.'),

  upgradedBody: (): InvalidOperationException =>
    new InvalidOperationException('WINDHOVER_ERR_UPGRADED_BODY', 'This request was upgraded: write to the stream that the upgrade gave.'),

  upgradeLimitReached: (limit: number): BadHttpRequestException =>
    new BadHttpRequestException(
      'WINDHOVER_ERR_UPGRADE_LIMIT',
      `There are ${limit} upgraded connections already. The limit is maxConcurrentUpgradedConnections.`,
      503,
    ),

  fileShortened: (path: string): IOException =>
    new IOException(
      'WINDHOVER_ERR_FILE_SHORTENED',
      `The file "${path}" became shorter while it was being sent, so the response ends in the middle.`,
    ),

  fileRange: (path: string, offset: number, count: number | undefined, size: number): ArgumentOutOfRangeException =>
    new ArgumentOutOfRangeException(
      'WINDHOVER_ERR_FILE_RANGE',
      count === undefined || offset > size ? 'offset' : 'count',
      `The file "${path}" has ${size} bytes, so ${count ?? 'the rest'} from ${offset} cannot be sent.`,
    ),

  exceptionHandlingPath: (path: string): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_EXCEPTION_HANDLING_PATH',
      'exceptionHandlingPath',
      `The path of an error page begins with "/", but was "${path}".`,
    ),

  exceptionHandlerMissing: (): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_EXCEPTION_HANDLER_MISSING',
      'app.useExceptionHandler() does not know how to answer: pass a path, a branch or a handler, or call services.addProblemDetails().',
    ),

  exceptionNotHandled: (cause: unknown): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_EXCEPTION_NOT_HANDLED',
      'The error handler answered 404, so nothing has handled the error. Check its path, or set allowStatusCode404Response when 404 is meant.',
      { cause },
    ),

  noAllowedHosts: (): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_NO_ALLOWED_HOSTS',
      'Host filtering has no allowed hosts. Set AllowedHosts, for example to "example.org;*.example.org", or to "*" for every host.',
    ),

  consoleFormatterUnknown: (name: string, known: readonly string[]): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_CONSOLE_FORMATTER_UNKNOWN',
      `There is no console formatter "${name}". Known are ${known.join(', ')}; add your own with logging.addConsoleFormatter().`,
    ),

  lifetimeCallbacksFailed: (errors: readonly unknown[]): AggregateException =>
    new AggregateException(
      'WINDHOVER_ERR_LIFETIME_CALLBACKS_FAILED',
      `${errors.length} listener(s) of the host's lifetime threw: ${errors.map(String).join('; ')}`,
      errors,
    ),

  rejectedWithoutError: (reason: unknown): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_REJECTED_WITHOUT_ERROR',
      `A promise was rejected with ${String(reason)}, which is no error.`,
      { cause: reason },
    ),

  contentRootMissing: (path: string): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_CONTENT_ROOT_MISSING',
      'contentRoot',
      `The content root "${path}" is no folder. Set contentRoot, or start the program in the folder of its files.`,
    ),

  startupMissing: (): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_STARTUP_MISSING',
      'The host does not know what to do with requests. Call useStartup(Startup) or configure(app => ...) on its builder.',
    ),

  forwardLimit: (limit: unknown): ArgumentOutOfRangeException =>
    new ArgumentOutOfRangeException(
      'WINDHOVER_ERR_FORWARD_LIMIT',
      'forwardLimit',
      `forwardLimit is a whole number from 1, or null for no limit, not ${String(limit)}.`,
    ),

  knownProxyInvalid: (option: string, value: string, expected: string): ArgumentException =>
    new ArgumentException('WINDHOVER_ERR_KNOWN_PROXY', option, `An entry of ${option} is ${expected}, not ${JSON.stringify(value)}.`),

  callbackNotAFunction: (member: string, callback: unknown): ArgumentException =>
    new ArgumentException('WINDHOVER_ERR_CALLBACK', 'configure', `${member} takes a function, not ${kindOf(callback)}.`),

  urlNotText: (url: unknown): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_URL_NOT_TEXT',
      'urls',
      `useUrls() takes texts such as "http://localhost:5000", not ${kindOf(url)}.`,
    ),

  hostedServiceNotAFunction: (type: unknown): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_HOSTED_SERVICE',
      'type',
      `addHostedService() takes a class, or a function that makes the service, not ${kindOf(type)}. An object is added by addHostedService(() => object).`,
    ),

  hostedServiceMethodMissing: (type: string, name: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_HOSTED_SERVICE_METHOD',
      `The hosted service "${type}" has no method ${name}. Add it, or extend BackgroundService.`,
    ),

  startupNotAFunction: (startup: unknown): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_STARTUP',
      'startup',
      `useStartup() takes a class, or a function that makes the Startup object, not ${kindOf(startup)}.`,
    ),

  startupFactoryReturned: (value: unknown): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_STARTUP_FACTORY',
      `The function that was passed to useStartup() returned ${String(value)}; it returns the Startup object.`,
    ),

  startupMethodMissing: (type: string, names: readonly string[]): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_STARTUP_METHOD_MISSING',
      `The class "${type}" has neither a method ${names.join(' nor ')}; add configure(app). A private #configure is not seen.`,
    ),

  startupMethodTwice: (type: string, names: readonly string[]): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_STARTUP_METHOD_TWICE',
      `The class "${type}" has several methods for one role (${names.join(', ')}): their names differ only in case, or one of them is static. Keep one.`,
    ),

  startupServicesParameters: (type: string, method: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_STARTUP_SERVICES_PARAMETERS',
      `${type}.${method} takes nothing, or the ServiceCollection alone. What else it needs comes through the constructor.`,
    ),

  startupMethodAsync: (type: string, method: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_STARTUP_METHOD_ASYNC',
      `${type}.${method} returned a promise, but build() does not wait. Do asynchronous work in configure, in a hosted service, or before the host is built.`,
    ),

  startupFilterNotAwaited: (filter: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_STARTUP_FILTER_NOT_AWAITED',
      `configure is asynchronous, but the startup filter "${filter}" did not wait for it. Return the promise of next(app), or await it.`,
    ),

  serviceProviderReturned: (type: string): NotSupportedException =>
    new NotSupportedException(
      'WINDHOVER_ERR_SERVICE_PROVIDER_RETURNED',
      `${type} returned a service provider, but the generic host has one container. Use useServiceProviderFactory() on the host's builder.`,
    ),

  serverMissing: (): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_SERVER_MISSING',
      'The host has no server. Call useNodeServer() or useServer() on its builder.',
    ),

  builtTwice: (builder: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_BUILT_TWICE',
      `${builder}.build() was called before. Make another builder for another host.`,
    ),

  hostStopped: (): InvalidOperationException =>
    new InvalidOperationException('WINDHOVER_ERR_HOST_STOPPED', 'The host was stopped and cannot be started again. Build another one.'),

  hostStartCanceled: (reason?: unknown): OperationCanceledException =>
    new OperationCanceledException(
      'WINDHOVER_ERR_HOST_START_CANCELED',
      'The start of the host was cancelled, or the host was asked to stop.',
      {
        cause: reason,
      },
    ),

  hostStopFailed: (errors: readonly unknown[]): AggregateException =>
    new AggregateException(
      'WINDHOVER_ERR_HOST_STOP_FAILED',
      `${errors.length} hosted service(s) failed to stop: ${errors.map(String).join('; ')}`,
      errors,
    ),

  hostStartFailed: (errors: readonly unknown[]): AggregateException =>
    new AggregateException(
      'WINDHOVER_ERR_HOST_START_FAILED',
      `${errors.length} hosted services failed to start: ${errors.map(String).join('; ')}`,
      errors,
    ),

  lifetimeReplaced: (): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_LIFETIME_REPLACED',
      'services',
      'HostApplicationLifetime is the affair of the host and cannot be replaced. Register a HostLifetime to change what makes the host stop.',
    ),

  webHostNotBuildable: (): NotSupportedException =>
    new NotSupportedException(
      'WINDHOVER_ERR_WEB_HOST_NOT_BUILDABLE',
      'This builder is a part of a generic host. Call build() on the builder of that host.',
    ),

  startupNotHere: (member: string): NotSupportedException =>
    new NotSupportedException(
      'WINDHOVER_ERR_STARTUP_NOT_HERE',
      `A WebApplication has no Startup class, so builder.webHost.${member}() does nothing. Add services to builder.services and middleware to the application.`,
    ),

  settingIsFixed: (key: string): NotSupportedException =>
    new NotSupportedException(
      'WINDHOVER_ERR_SETTING_FIXED',
      `The setting "${key}" cannot change once the builder exists. Pass it to WebApplication.createBuilder().`,
    ),

  startupConstructor: (type: string, cause: unknown): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_STARTUP_CONSTRUCTOR',
      `The constructor of "${type}" cannot be called: ${(cause as Error).message} On the generic host it gets Configuration, HostEnvironment and WebHostEnvironment only; take other services as parameters of configure.`,
      { cause },
    ),
}
