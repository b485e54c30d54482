/** A result as lines that read well beside each other: `status: 200`, and a line for each item of a list. */
export function resultLines(value: unknown, path = ''): string[] {
  if (Array.isArray(value) && value.some(item => typeof item === 'object' || path === '' || path.endsWith('trace'))) {
    return value.flatMap(item => (Array.isArray(item) || typeof item !== 'object' ? [`${label(path)}${inline(item)}`] : nested(item, path)))
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return nested(value, path)
  return [`${label(path)}${inline(value)}`]
}

function nested(value: object | null, path: string): string[] {
  return Object.entries(value ?? {}).flatMap(([key, item]) => resultLines(item, path === '' ? key : `${path}.${key}`))
}

function label(path: string): string {
  return path === '' ? '' : `${path}: `
}

/** Text as it is, unless that would hide something. */
function inline(value: unknown): string {
  const isPlain = typeof value === 'string' && /^[^\p{C}\s]([^\p{C}]*[^\p{C}\s])?$/u.test(value)
  return isPlain ? value : JSON.stringify(value)
}

/** What an event of a WebSocket scenario is, by the property that says so; an op and a point of the pipeline speak for themselves. */
const kinds = new Map([
  ['op', ''],
  ['pipeline', ''],
  ['response', 'response '],
  ['frame', 'frame '],
  ['end', 'end '],
])

/** An event of a WebSocket scenario: what it is, then its values in a row; without the note for readers, and of a response without what every one has. */
export function eventLine({ note: _, version: __, headers, ...event }: Readonly<Record<string, unknown>>): string {
  const { date: ___, ...shownHeaders } = (headers ?? {}) as Record<string, unknown>
  const kind = [...kinds.keys()].find(key => key in event) ?? ''
  const { [kind]: name, ...details } = event
  const values = Object.entries(details)
    .filter(([key]) => kind !== 'response' || key !== 'reason')
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const words = [...values, ...Object.entries(shownHeaders)].map(([key, value]) => `${key} ${inline(value)}`)
  return [...(name === undefined ? [] : [`${kinds.get(kind)}${name}`]), ...words].join(', ')
}
