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
} from '@windhover/core'

/** An error that a case asks for, as opposed to one that the implementation raises by itself. */
export class ScriptedError extends Error {}

/** The classes that have a word, the more special ones first. */
const kinds = [
  [ObjectDisposedException, 'object-disposed'],
  [ArgumentNullException, 'argument-null'],
  [ArgumentOutOfRangeException, 'argument-out-of-range'],
  [ArgumentException, 'argument'],
  [OperationCanceledException, 'cancelled'],
  [FormatException, 'format'],
  [InvalidDataException, 'invalid-data'],
  [NotSupportedException, 'not-supported'],
  [InvalidOperationException, 'invalid-operation'],
  [IOException, 'io'],
] as const

/** The word for an error that does not depend on a language. Messages are not part of the recordings. */
export function errorKind(error: unknown): string {
  if (error instanceof ScriptedError) return `application(${error.message})`
  if (error instanceof AggregateException) return `aggregate(${error.innerExceptions.map(errorKind).join(', ')})`
  if (error instanceof BadHttpRequestException) return `bad-request(${error.statusCode})`
  const kind = kinds.find(([type]) => error instanceof type)
  if (kind !== undefined) return kind[1]
  return error instanceof Error ? error.name : String(error)
}
