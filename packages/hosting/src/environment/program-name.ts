import { readFileSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'

/** The name of the running program: that of its package, else that of its file. */
export function programName(program: string | undefined = process.argv[1]): string {
  if (program === undefined || program === '') return 'node'
  return packageName(dirname(program)) ?? basename(program, extname(program))
}

function packageName(folder: string): string | undefined {
  const name = readName(join(folder, 'package.json'))
  const parent = dirname(folder)
  return name ?? (parent === folder ? undefined : packageName(parent))
}

/** A package.json that is missing, unreadable or without a name says nothing; the folder above may. */
function readName(path: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(path, 'utf8'))
    return typeof name === 'string' && name !== '' ? name : undefined
  } catch {
    return undefined
  }
}
