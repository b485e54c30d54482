import { formatValue } from '@windhover/core'

/** A chain of causes is followed as far as this. */
const maxDepth = 8

/**
 * What was thrown as the console shows it: the stack with its code, its causes and, of several errors in one, each. Other properties are left
 * out: errors of HTTP clients carry headers and bodies that do not belong in a log.
 */
export function formatException(exception: unknown, depth = 0): string {
  if (!(exception instanceof Error)) return formatValue(exception)
  const stack = typeof exception.stack === 'string' && exception.stack !== '' ? exception.stack : String(exception)
  if (depth === maxDepth) return stack
  const { code, cause } = exception as { readonly code?: unknown; readonly cause?: unknown }
  const lines = [stack]
  if (typeof code === 'string' && !stack.includes(code)) lines.push(`[code]: ${code}`)
  if (cause !== undefined) lines.push(`[cause]: ${formatException(cause, depth + 1)}`)
  for (const [index, inner] of innerErrors(exception).entries()) {
    if (inner !== cause) lines.push(`[errors ${index}]: ${formatException(inner, depth + 1)}`)
  }
  return lines.join('\n')
}

function innerErrors(exception: Error): readonly unknown[] {
  const { errors, innerExceptions } = exception as { readonly errors?: unknown; readonly innerExceptions?: unknown }
  if (Array.isArray(innerExceptions)) return innerExceptions
  return exception instanceof AggregateError && Array.isArray(errors) ? errors : []
}
