// Writes the JavaScript that the packages ship: one file for each entry point, because Node reads and links hundreds of small modules
// one by one before an application can start. It reads the sources; the declarations beside it come from `tsc -b`.

import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const packages = fileURLToPath(new URL('../packages', import.meta.url))
const { compilerOptions } = JSON.parse(readFileSync(join(packages, '../tsconfig.base.json'), 'utf8'))

await Promise.all(readdirSync(packages).map(name => bundleAsync(join(packages, name))))

async function bundleAsync(folder) {
  const { exports, bin, dependencies, peerDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const bundle = await rolldown({
    input: entryPoints({ exports, bin }).map(file => join(folder, file.replace('./dist/', 'src/').replace(/js$/, 'ts'))),
    // Another package has to be the same module for everybody who imports it.
    external: Object.keys({ ...dependencies, ...peerDependencies }).map(name => new RegExp(`^${name}(/|$)`)),
    platform: 'node',
    transform: { target: compilerOptions.target },
    tsconfig: false,
    // The manifests tell of the side effects of the built files only.
    treeshake: { moduleSideEffects: true },
    onLog: (_level, { message }) => {
      throw new Error(`${folder}: ${message}`)
    },
  })
  // Not minified, and with the names of the sources: users read this code in stack traces, and messages tell the names of classes.
  const { output } = await bundle.write({ dir: join(folder, 'dist'), sourcemap: true, minify: false, keepNames: true })
  await bundle.close()
  removeOthers(join(folder, 'dist'), new Set(output.map(({ fileName }) => fileName)))
}

/** The files in `dist` that a manifest names, wherever it does. */
function entryPoints(node) {
  if (typeof node === 'string') return /^\.\/dist\/.*\.js$/.test(node) ? [node] : []
  return Object.values(node ?? {}).flatMap(entryPoints)
}

/** What an earlier build has left would be packed. */
function removeOthers(dist, files) {
  for (const entry of readdirSync(dist, { recursive: true })) {
    if (/\.js(\.map)?$/.test(entry) && !files.has(entry)) rmSync(join(dist, entry))
  }
}
