import { AggregateException, ArgumentException, IOException, OperationCanceledException, WebSocketException } from '@windhover/core'

export type Entry = Record<string, unknown>

/** The names that .NET has for parameters which are members of an object here. */
const parameterNames = new Map([
  ['serverMaxWindowBits', 'ServerMaxWindowBits'],
  ['keepAliveInterval', 'KeepAliveInterval'],
  ['keepAliveTimeout', 'value.Value'],
  ['disableCompression', 'messageFlags'],
])

/** Errors as data. Messages are only a note: they are not compared. */
export function describeError(error: unknown): Entry {
  const result: Entry = { error: nameOf(error) }
  if (error instanceof WebSocketException) result.code = pascalCase(error.webSocketErrorCode)
  if (error instanceof ArgumentException) result.param = parameterNames.get(error.paramName) ?? error.paramName
  const inner = innerErrors(error).find(cause => cause instanceof WebSocketException)
  if (inner !== undefined) result.innerCode = pascalCase(inner.webSocketErrorCode)
  result.note = String(error)
  return result
}

/** `close-received` is `CloseReceived` in .NET. */
export function pascalCase(name: string): string {
  return name.replaceAll(/(^|-)(\w)/g, (_, _dash, letter: string) => letter.toUpperCase())
}

function nameOf(error: unknown): string {
  if (error instanceof OperationCanceledException) return 'OperationCanceledException'
  if (error instanceof IOException && error.constructor === IOException) return 'IOException'
  return error instanceof Error ? error.constructor.name : typeof error
}

function innerErrors(error: unknown): unknown[] {
  if (error instanceof AggregateException) return error.innerExceptions.flatMap(inner => [inner, ...innerErrors(inner)])
  return error instanceof Error && error.cause !== undefined ? [error.cause, ...innerErrors(error.cause)] : []
}
