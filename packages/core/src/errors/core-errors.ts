import {
  ArgumentException,
  ArgumentNullException,
  InvalidOperationException,
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
}
