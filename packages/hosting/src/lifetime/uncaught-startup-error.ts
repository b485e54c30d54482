import { fileURLToPath } from 'node:url'
import { WindhoverException } from '@windhover/core'
import { writeErrorMessage } from './status-messages.ts'

/** Where the packages of the framework are, as stacks name them: by URL, with source maps by path. */
const frameworkFolders: readonly string[] = ['/node_modules/@windhover/', ...siblingFolders(import.meta.url)]

const presentable = new WeakSet<object>()
/** The last value that is no object, as `throw 'a text'` makes one; a set would keep all of them. */
let presentablePrimitive: { readonly value: unknown } | undefined

/**
 * For an error that a host raises while it is built, started or run: should nobody catch it, the process ends with one message and the application's own part of the stack, in place
 * of Node's excerpt of a source file of ours. Whoever catches it sees no difference.
 */
export function presentIfUncaught(error: unknown): void {
  if (!process.listeners('uncaughtExceptionMonitor').includes(present)) process.on('uncaughtExceptionMonitor', present)
  if (typeof error === 'object' && error !== null) presentable.add(error)
  else presentablePrimitive = { value: error }
}

function isPresentable(error: unknown): boolean {
  if (typeof error === 'object' && error !== null) return presentable.has(error)
  return presentablePrimitive !== undefined && Object.is(presentablePrimitive.value, error)
}

/** Node calls it before it looks for a listener; one that the application has installed decides alone. */
function present(error: unknown): void {
  if (!isPresentable(error) || process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback()) return
  writeErrorMessage(`Unhandled exception. ${describeStartupError(error)}`)
  process.exit(1)
}

/** The name and message of an error with the frames that were the application's, and the same of its causes. */
export function describeStartupError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const lines = [`${error.name}: ${error.message}`, ...applicationFrames(error.stack ?? '')]
  for (const inner of innerErrors(error)) lines.push(` ---> ${describeStartupError(inner)}`)
  return lines.join('\n')
}

/** Messages of ours tell what their cause was. */
function innerErrors(error: Error): readonly unknown[] {
  if ('innerExceptions' in error) return error.innerExceptions as readonly unknown[]
  return error.cause === undefined || error instanceof WindhoverException ? [] : [error.cause]
}

/** The frames of the application that the framework had called; the ones below those are of the line that started the host. */
function applicationFrames(stack: string): string[] {
  const frames = stack.split('\n').filter(line => /^\s+at /.test(line))
  const called = frames.slice(0, frames.findLastIndex(isFrameworkFrame) + 1)
  return (called.length === 0 ? frames : called).filter(frame => !isFrameworkFrame(frame) && !isRuntimeFrame(frame))
}

function isFrameworkFrame(frame: string): boolean {
  return frameworkFolders.some(folder => frame.includes(folder))
}

/** Of Node's own modules, or built in, such as `Array.map (<anonymous>)`. */
function isRuntimeFrame(frame: string): boolean {
  return frame.includes('node:') || frame.endsWith('(<anonymous>)')
}

/** In the repository the packages lie side by side; in a bundle of an application they have no folders of their own. */
function siblingFolders(url: string): string[] {
  const packages = /^.*\/packages\/(?=hosting\/(?:src|dist)\/)/.exec(url)?.[0]
  return packages === undefined ? [] : [packages, fileURLToPath(packages)]
}
