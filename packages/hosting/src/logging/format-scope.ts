import { formatValue, type LogScopeState, LogValues } from '@windhover/core'

/** A scope as text: its message, or `Name:value, Name:value` for an object or map of names and values. */
export function formatScope(state: LogScopeState): string {
  if (typeof state === 'string') return state
  if (state instanceof LogValues) return state.format()
  const pairs = scopePairs(state)
  return pairs === undefined ? formatValue(state) : pairs.map(([name, value]) => `${name}:${formatValue(value)}`).join(', ')
}

/** The names and values of a scope; undefined when it has none, or shows itself with a `toString` of its own. */
export function scopePairs(state: LogScopeState): [name: string, value: unknown][] | undefined {
  if (typeof state === 'string') return undefined
  if (state instanceof LogValues) return [...state] as [string, unknown][]
  if (state instanceof Map) return Array.from(state, ([name, value]) => [String(name), value])
  const prototype = Object.getPrototypeOf(state)
  return prototype === Object.prototype || prototype === null ? Object.entries(state) : undefined
}
