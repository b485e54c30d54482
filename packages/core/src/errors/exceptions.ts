/**
 * The base of every error that Windhover raises. Errors are named as in .NET and carry Node's stable `code`
 * (`WINDHOVER_ERR_...`, all listed in docs/reference/errors.md) and, where another error led to this one, its `cause`.
 */
export class WindhoverException extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }

  override get name(): string {
    return this.constructor.name
  }
}

/** An argument is not what the called member takes. `paramName` is the parameter's name. (.NET: ArgumentException) */
export class ArgumentException extends WindhoverException {
  readonly paramName: string

  constructor(code: string, paramName: string, message: string, options?: ErrorOptions) {
    super(code, message, options)
    this.paramName = paramName
  }
}

/** An argument that must be given is null or undefined. (.NET: ArgumentNullException) */
export class ArgumentNullException extends ArgumentException {}

/** A number or length lies outside the range that the called member takes. (.NET: ArgumentOutOfRangeException) */
export class ArgumentOutOfRangeException extends ArgumentException {}

/** The call is not possible in the object's present state. (.NET: InvalidOperationException) */
export class InvalidOperationException extends WindhoverException {}

/** The object has been disposed, or the request that it belongs to has ended. (.NET: ObjectDisposedException) */
export class ObjectDisposedException extends InvalidOperationException {}

/** The server, the transport or the type does not offer what was called. (.NET: NotSupportedException) */
export class NotSupportedException extends WindhoverException {}

/** A text does not have the form that was expected. (.NET: FormatException) */
export class FormatException extends WindhoverException {}

/** Data does not have the form that its format demands, for example a multipart body. (.NET: InvalidDataException) */
export class InvalidDataException extends WindhoverException {}

/** Reading or writing failed. (.NET: IOException) */
export class IOException extends WindhoverException {}

/** The operation was cancelled by its signal, whose reason is the `cause`. (.NET: OperationCanceledException) */
export class OperationCanceledException extends WindhoverException {}

/**
 * The request itself is wrong. A middleware that lets it pass makes the server answer `statusCode`.
 * (ASP.NET Core: BadHttpRequestException)
 */
export class BadHttpRequestException extends IOException {
  readonly statusCode: number

  constructor(code: string, message: string, statusCode = 400, options?: ErrorOptions) {
    super(code, message, options)
    this.statusCode = statusCode
  }
}

/** Several errors at once; `innerExceptions` lists them in the order in which they arose. (.NET: AggregateException) */
export class AggregateException extends WindhoverException {
  readonly innerExceptions: readonly unknown[]

  constructor(code: string, message: string, innerExceptions: readonly unknown[]) {
    super(code, message, { cause: innerExceptions[0] })
    this.innerExceptions = innerExceptions
  }
}
