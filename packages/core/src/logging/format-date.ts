const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']

const token = /y{4}|yy|M{1,4}|d{1,4}|H{1,2}|h{1,2}|m{1,2}|s{1,2}|f{1,7}|t{1,2}|z{1,3}|K|'([^']*)'|"([^"]*)"|\\(.)/g

/**
 * A time in a pattern of .NET, such as `yyyy-MM-dd HH:mm:ss.fff zzz`; `O` and `o` give ISO 8601. Texts in quotes and a character after a
 * backslash stand for themselves. Names are English. An invalid date gives `Invalid Date`.
 */
export function formatDate(date: Date, format: string, useUtc = false): string {
  if (Number.isNaN(date.getTime())) return 'Invalid Date'
  if (format === 'O' || format === 'o') return date.toISOString()
  const offset = useUtc ? 0 : -date.getTimezoneOffset()
  // Shifted by its offset, the local time can be read with the members for UTC.
  const local = new Date(date.getTime() + offset * 60_000)
  return format.replaceAll(
    token,
    (match, single?: string, double?: string, escaped?: string) => single ?? double ?? escaped ?? formatToken(local, match, offset),
  )
}

function formatToken(date: Date, token: string, offset: number): string {
  const { length } = token
  switch (token[0]) {
    case 'y':
      return length === 4 ? pad(date.getUTCFullYear(), 4) : pad(date.getUTCFullYear() % 100, 2)
    case 'M':
      return name(months, date.getUTCMonth(), length) ?? pad(date.getUTCMonth() + 1, length)
    case 'd':
      return name(days, date.getUTCDay(), length) ?? pad(date.getUTCDate(), length)
    case 'H':
      return pad(date.getUTCHours(), length)
    case 'h':
      return pad(date.getUTCHours() % 12 || 12, length)
    case 'm':
      return pad(date.getUTCMinutes(), length)
    case 's':
      return pad(date.getUTCSeconds(), length)
    case 'f':
      return pad(date.getUTCMilliseconds(), 3).padEnd(7, '0').slice(0, length)
    case 't':
      return (date.getUTCHours() < 12 ? 'AM' : 'PM').slice(0, length)
    case 'z':
      return formatOffset(offset, length)
    default:
      return offset === 0 ? 'Z' : formatOffset(offset, 3)
  }
}

function formatOffset(offset: number, length: number): string {
  const hours = pad(Math.floor(Math.abs(offset) / 60), Math.min(length, 2))
  const minutes = length < 3 ? '' : `:${pad(Math.abs(offset) % 60, 2)}`
  return `${offset < 0 ? '-' : '+'}${hours}${minutes}`
}

function name(names: readonly string[], index: number, length: number): string | undefined {
  if (length < 3) return undefined
  return length === 3 ? names[index]!.slice(0, 3) : names[index]!
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, '0')
}
