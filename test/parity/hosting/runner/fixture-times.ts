import { readdirSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'

/** Gives every fixture a modification time of its own, as when the cases were recorded: entity tags and the treatment of dates in the future depend on it. */
export function setFixtureTimes(folder: string): void {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  for (const [index, name] of names.entries()) {
    const path = join(folder, name)
    if (statSync(path).isFile()) utimesSync(path, 0, Date.UTC(2020, 0, 2, 3, index) / 1000)
  }
}
