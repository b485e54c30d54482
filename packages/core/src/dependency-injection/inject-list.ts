import { coreErrors } from '../errors/core-errors.ts'
import { type Dependency, dependencyOf } from './dependency.ts'
import { type AbstractConstructor, describeService, ServiceToken } from './service-token.ts'

/** What a class's own `static inject` lists for its constructor or one of its methods; undefined when it says nothing about it. */
export function injectList(type: AbstractConstructor, member: string): readonly Dependency[] | undefined {
  if (!Object.hasOwn(type, 'inject')) return undefined
  const list = listFor((type as { inject?: unknown }).inject, member)
  if (list === undefined) return undefined
  const name = describeService(type)
  if (!Array.isArray(list)) throw coreErrors.injectNotAList(name, member)
  return list.map((entry, index) => {
    if (typeof entry === 'function' || entry instanceof ServiceToken) return dependencyOf(entry as ServiceToken)
    throw coreErrors.parameterNotAService(name, member, index, describeEntry(entry))
  })
}

/** What stands in the place of a service, for a message. */
export function describeEntry(entry: unknown): string {
  if (entry === undefined) return 'undefined (do two modules import each other?)'
  return typeof entry === 'string' ? `the text ${JSON.stringify(entry)}` : `a value of type ${typeof entry}`
}

function listFor(inject: unknown, member: string): unknown {
  if (Array.isArray(inject) || typeof inject !== 'object' || inject === null) return member === 'constructor' ? inject : undefined
  return Object.hasOwn(inject, member) ? (inject as Record<string, unknown>)[member] : undefined
}
