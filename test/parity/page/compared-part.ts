import type { Justification } from '../grounds.ts'

/** A recorded case beside what Windhover does. */
export interface ComparedCase {
  readonly name: string
  readonly about: string | undefined
  /** Where the case is written, from the root of the project. */
  readonly file: string
  /** Undefined when both do the same. */
  readonly difference?: Difference | Unsupported | undefined
}

export interface Difference extends Justification {
  /** A diff of what ASP.NET Core does to what Windhover does. */
  readonly lines: readonly string[]
}

export interface Unsupported {
  readonly unsupported: true
  readonly reason: string
}

/** The cases of one file. */
export interface Topic {
  readonly name: string
  readonly about: string
  readonly cases: readonly ComparedCase[]
}

/** A subject of the comparison, such as the life of a host. */
export interface ComparedPart {
  readonly title: string
  /** A sentence: what its cases are. */
  readonly about: string
  readonly topics: readonly Topic[]
}

export function casesOf({ topics }: Pick<ComparedPart, 'topics'>): readonly ComparedCase[] {
  return topics.flatMap(topic => topic.cases)
}

export function isDifference(difference: ComparedCase['difference']): difference is Difference {
  return difference !== undefined && !('unsupported' in difference)
}

export function isUnsupported(difference: ComparedCase['difference']): difference is Unsupported {
  return difference !== undefined && 'unsupported' in difference
}
