import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProcessCase } from './host-process.ts'
import type { ExchangeRequest } from './http-exchange.ts'

export type CaseKind = 'http' | 'table' | 'services' | 'lifecycle' | 'process'

/** One recorded case: what goes in, and what ASP.NET Core made of it. */
export interface ParityCase extends ProcessCase {
  readonly id?: string
  readonly about?: string
  readonly table?: string
  readonly in?: unknown
  readonly request?: ExchangeRequest
  readonly requests?: readonly ExchangeRequest[]
  readonly out: unknown
}

/** A file of recorded cases. */
export interface CaseFile {
  /** The path below the folder, without `.json`: the first half of a case's name. */
  readonly name: string
  readonly kind: CaseKind
  readonly about: string
  readonly table?: string
  readonly defaults?: object
  readonly cases: readonly ParityCase[]
}

/** Every case file below a folder whose name begins with `part`, in a stable order. */
export function loadCaseFiles(folder: string, part = ''): CaseFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(path => path.replaceAll('\\', '/'))
    .filter(path => path.endsWith('.json') && path.startsWith(part) && path.includes('/') && !path.includes('wwwroot/'))
    .sort()
    .map(path => ({ ...JSON.parse(readFileSync(join(folder, path), 'utf8')), name: path.replace(/\.json$/, '') }))
}

export function caseName(file: CaseFile, row: ParityCase): string {
  return `${file.name}#${row.id ?? file.cases.indexOf(row) + 1}`
}
