import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { WindhoverException } from '@windhover/core'
import { expect, it } from 'vitest'
import { coreErrors } from '../../packages/core/src/errors/core-errors.ts'
import { hostingErrors } from '../../packages/hosting/src/errors/hosting-errors.ts'
import { staticFilesErrors } from '../../packages/static-files/src/errors/static-files-errors.ts'
import { testingErrors } from '../../packages/testing/src/errors/testing-errors.ts'
import { webSocketsErrors } from '../../packages/websockets/src/errors/web-sockets-errors.ts'

const root = new URL('../../', import.meta.url).pathname
const page = join(root, 'docs/reference/errors.md')

const tables = {
  '@windhover/core': coreErrors,
  '@windhover/hosting': hostingErrors,
  '@windhover/websockets': webSocketsErrors,
  '@windhover/static-files': staticFilesErrors,
  '@windhover/testing': testingErrors,
}

it('lists every coded error in docs/reference/errors.md (vitest -u writes the page anew)', async () => {
  await expect(reference()).toMatchFileSnapshot(page)
})

it('knows every code that the sources mention', () => {
  const mentioned = new Set(sourceFiles().flatMap(file => readFileSync(file, 'utf8').match(/WINDHOVER_ERR_[A-Z0-9_]+/g) ?? []))
  mentioned.delete('WINDHOVER_ERR_') // how a code is written, in doc comments
  const listed = new Set(readFileSync(page, 'utf8').match(/WINDHOVER_ERR_[A-Z0-9_]+/g))

  expect([...mentioned].filter(code => !listed.has(code))).toEqual([])
})

function reference(): string {
  const sections = Object.entries(tables).map(([name, table]) => {
    const rows = Object.values(table as Record<string, (...args: never[]) => unknown>)
      .map(make => sampleOf(make))
      .sort((a, b) => (a.code < b.code ? -1 : 1))
      .map(error => `| \`${error.code}\` | ${error.name} | ${escapeCell(error.message)} |`)
    return `## ${name}\n\n| code | class | message |\n|---|---|---|\n${[...new Set(rows)].join('\n')}\n`
  })
  return `# Errors

Every error that Windhover raises has a stable \`code\`, the class that .NET has for it, a message that says what was expected, what came and what to do, and, where another error led to it, that one as its \`cause\`.
Words in ‹ › stand for what the message names.

${sections.join('\n')}`
}

/** Makes the error with the names of its parameters in place of values. */
function sampleOf(make: (...args: never[]) => unknown): WindhoverException {
  const names = (/^\(([^)]*)\)/.exec(make.toString())?.[1] ?? '')
    .split(',')
    .map(name => name.trim().replace(/\s*=.*/, ''))
    .filter(name => name !== '')
  const kinds: ((name: string) => unknown)[] = [
    name => `‹${name}›`,
    name => [`‹${name}›`],
    name => new Error(`‹${name}›`),
    name => ({ name: `‹${name}›` }),
  ]
  for (const kind of kinds) {
    try {
      const error = make(...(names.map(kind) as never[]))
      if (error instanceof WindhoverException) return withKinds(error, names)
    } catch {
      // A message that is built of a list or an error wants one: the next kind is one.
    }
  }
  throw new Error(`No sample could be made of ${make.toString()}`)
}

/** Where a message says of what kind a value was, the sample would say that of its own. */
function withKinds(error: WindhoverException, names: readonly string[]): WindhoverException {
  for (const name of names) {
    if (!error.message.includes(`‹${name}›`)) error.message = error.message.replace(/(, not |but got )a string\b/, `$1‹kind of ${name}›`)
  }
  return error
}

function escapeCell(text: string): string {
  return text
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replace(/\s*\n\s*/g, ' ')
}

function sourceFiles(): string[] {
  return readdirSync(join(root, 'packages')).flatMap(name =>
    readdirSync(join(root, 'packages', name, 'src'), { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.ts'))
      .map(file => join(root, 'packages', name, 'src', file)),
  )
}
