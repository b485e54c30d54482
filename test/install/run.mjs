// Packs the packages as they would be published, installs them with npm and with pnpm, and compiles and runs an application
// against what was installed: what the workspace hides (a missing file, dependency or export, two copies of core) shows here.
// Needs the registry for the packages' own dependencies; run it by `npm run test:install`, which builds first.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const names = ['core', 'hosting', 'websockets', 'static-files', 'testing', 'windhover']
const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const compiler = join(root, 'node_modules/typescript/bin/tsc')

const temporary = mkdtempSync(join(tmpdir(), 'windhover-install-'))
try {
  const tarballs = await packAsync()
  const everything = { ...tarballs, '@types/node': devDependencies['@types/node'] }
  await checkAsync('npm', { dependencies: everything }, ['npm', 'install', '--no-audit', '--no-fund'])

  // pnpm shows an application only the packages that it names: these two, as an application has them.
  const { windhover, '@windhover/testing': testing, '@types/node': types } = everything
  const manifest = { dependencies: { windhover, '@windhover/testing': testing, '@types/node': types }, pnpm: { overrides: tarballs } }
  await checkAsync('pnpm', manifest, ['npx', '--yes', 'pnpm@9', 'install', '--no-frozen-lockfile'])
} finally {
  rmSync(temporary, { recursive: true })
}

/** The tarballs by package name, each looked through. */
async function packAsync() {
  const workspaces = names.flatMap(name => ['--workspace', `packages/${name}`])
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', temporary, ...workspaces], { cwd: root })
  const packed = JSON.parse(stdout)
  assert.equal(packed.length, names.length)
  for (const { name, files } of packed) {
    const folder = join(root, 'packages', name.replace('@windhover/', ''))
    for (const { path } of files)
      assert(isExpected(folder, path), `${name} packs ${path}, which no source makes; delete dist and build again`)
  }
  return Object.fromEntries(packed.map(({ name, filename }) => [name, `file:${join(temporary, filename)}`]))
}

function isExpected(folder, path) {
  if (['package.json', 'README.md', 'LICENSE'].includes(path) || path.startsWith('src/')) return true
  if (/^dist\/(?:index|cli)\.js(?:\.map)?$/.test(path)) return true
  const declared = /^dist\/(.*)\.d\.ts(?:\.map)?$/.exec(path)
  return declared !== null && existsSync(join(folder, 'src', `${declared[1]}.ts`))
}

async function checkAsync(installer, manifest, [command, ...args]) {
  const begun = performance.now()
  const folder = join(temporary, installer)
  cpSync(new URL('app', import.meta.url), folder, { recursive: true })
  const file = join(folder, 'package.json')
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...manifest }))

  const inFolder = (program, ...parameters) => run(program, parameters, { cwd: folder, timeout: 120_000 }).catch(failed)
  const output = async (...parameters) => (await inFolder(process.execPath, ...parameters)).stdout
  await inFolder(command, ...args)
  await inFolder(process.execPath, compiler, '--project', folder)
  await inFolder(process.execPath, compiler, '--project', folder, '--noEmit', '--module', 'esnext', '--moduleResolution', 'bundler')
  assert.equal(await output('dist/program.js'), 'Good day at 12 <h1>Installed</h1>\necho\n')
  assert.match(await output('plain.mjs'), /^It is 12 o'clock$/m)
  assert.equal(await output('required.cjs'), 'true function\n')
  assert.match(await output('trace.mjs'), /at DefaultServiceProvider\.provide \(file:.*core\/dist\/index\.js:\d+:\d+\)/)
  assert.match(
    await output('--enable-source-maps', 'trace.mjs'),
    /at .*provide \(.*core\/src\/dependency-injection\/default-service-provider\.ts:\d+:\d+\)/,
  )
  console.log(`installed with ${installer}, compiled and run in ${((performance.now() - begun) / 1000).toFixed(1)} s`)
}

/** What the program said is what is wrong. */
function failed(error) {
  throw new Error(`${error.message}\n${error.stdout}\n${error.stderr}`)
}
