import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const packages = new URL('../../packages/', import.meta.url).pathname
/** tsyringe's own decorators, which are passed on as they are. */
const foreign = new Set(['delay', 'injectable'])

interface ExportedName {
  readonly name: string
  readonly file: string
}

function exportsOf(source: string): ExportedName[] {
  const index = readFileSync(join(source, 'index.ts'), 'utf8')
  return [...index.matchAll(/^export (?:type )?\{([^}]+)\} from '\.\/([^']+)'/gm)].flatMap(([, names, file]) =>
    names!
      .split(',')
      .map(name => name.trim().replace(/^type /, ''))
      .filter(name => name !== '' && !foreign.has(name))
      .map(name => ({ name, file: join(source, file!) })),
  )
}

/** One declaration of the name with a comment is enough: an enumeration is an object and a type. */
function isDocumented({ name, file }: ExportedName): boolean {
  const declaration = new RegExp(`\\*/\\nexport (?:abstract )?(?:async )?(?:class|interface|type|function|const|let) ${name}\\b`)
  return declaration.test(readFileSync(file, 'utf8'))
}

describe.each(['core', 'hosting', 'websockets', 'static-files', 'testing'])('@windhover/%s', name => {
  const exported = exportsOf(join(packages, name, 'src'))

  it('has a doc comment on every name that it exports', () => {
    expect(exported.length).toBeGreaterThan(2)
    expect(exported.filter(each => !isDocumented(each)).map(each => each.name)).toEqual([])
  })

  // The entry imports the extensions for what they do; a bundler that may pass over the entry leaves `app.useWebSockets` and its like away.
  it('tells bundlers that its entry and its extensions do more than export', () => {
    if (!existsSync(join(packages, name, 'src/extensions.ts'))) return
    const { sideEffects } = JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8')) as { sideEffects: true | string[] }
    if (sideEffects === true) return
    expect(sideEffects).toEqual(expect.arrayContaining(['./src/index.ts', './src/extensions.ts', './dist/index.js']))
  })
})
