import { inspect } from 'node:util'
import { formatDate } from './format-date.ts'
import { formatNumber, formatPlainNumber } from './format-number.ts'

/**
 * A value as it reads in a log message: null and undefined as `(null)`, booleans as `True` and `False`, the elements of a list with commas
 * between them, as in .NET; a date as ISO 8601, and an object without a `toString` of its own as Node's `inspect` shows it on one line.
 */
export function formatValue(value: unknown, format = ''): string {
  if (Array.isArray(value) || value instanceof Set) return Array.from(value, formatElement).join(', ')
  return formatScalar(value, format)
}

/** A list in a list is inspected: a list may contain itself. */
function formatElement(value: unknown): string {
  return Array.isArray(value) || value instanceof Set ? inspectOnOneLine(value) : formatScalar(value, '')
}

function formatScalar(value: unknown, format: string): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'bigint':
      return format === '' ? formatPlainNumber(value) : formatNumber(value, format)
    case 'boolean':
      return value ? 'True' : 'False'
    case 'undefined':
      return '(null)'
    case 'object':
      return value === null ? '(null)' : formatObject(value, format)
    default:
      return inspectOnOneLine(value)
  }
}

function formatObject(value: object, format: string): string {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return formatDate(value, format === '' ? 'O' : format)
  try {
    const method = value.toString
    const hasOwnText = typeof method === 'function' && method !== Object.prototype.toString && !ArrayBuffer.isView(value)
    return hasOwnText ? String(value) : inspectOnOneLine(value)
  } catch (error) {
    // A value that cannot be shown must not lose the rest of the message.
    return `(${error instanceof Error ? `${error.name} while showing the value` : 'unreadable'})`
  }
}

function inspectOnOneLine(value: unknown): string {
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY, compact: true, depth: 2 })
}
