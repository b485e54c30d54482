// How a server is started: what its command is, which packages it uses, and why it cannot run where it cannot.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const bench = name => fileURLToPath(new URL(`../${name}`, import.meta.url))

/** A server script that runs on Node. */
export const node = (script, packages = [], environment = {}) => ({
  packages,
  isProfiled: true,
  command: ({ nodePath }) => [nodePath, '--expose-gc', '--import', bench('lib/control.mjs'), bench(script)],
  environment,
})

/** uWebSockets.js is a binary for certain versions of Node: where the asked one is not among them, the bench's own takes its place. */
export const uws = (script, environment = {}) => {
  const binary = abi => existsSync(bench(`node_modules/@trufflesuite/uws-js-unofficial/dist/uws_linux_x64_${abi}.node`))
  const server = node(script, ['@trufflesuite/uws-js-unofficial'], environment)
  return {
    ...server,
    command: ({ nodePath, abi }) => server.command({ nodePath: binary(abi) ? nodePath : process.execPath }),
    missing: () => (binary(process.versions.modules) ? undefined : `has no binary for Node ${process.versions.node}`),
  }
}

export const bun = (script, environment = {}) => ({
  packages: ['@oven/bun-linux-x64'],
  command: () => [bench('node_modules/@oven/bun-linux-x64/bin/bun'), '--preload', bench('lib/control.mjs'), bench(script)],
  environment,
  missing: () => (existsSync(bench('node_modules/@oven/bun-linux-x64/bin/bun')) ? undefined : 'is not installed on this machine'),
})

/** Kestrel, built once when `dotnet` is there. */
export const kestrel = (environment = {}) => ({
  packages: [],
  version: kestrelVersion,
  command: () => ['dotnet', kestrelProgram()],
  environment: { DOTNET_gcServer: '0', ...environment },
  missing: () => (kestrelVersion() === undefined ? 'needs dotnet' : undefined),
})

let dotnet
function kestrelVersion() {
  if (dotnet === undefined) {
    try {
      const list = execFileSync('dotnet', ['--list-runtimes'], { encoding: 'utf8' })
      dotnet = [...list.matchAll(/^Microsoft\.AspNetCore\.App (\S+)/gm)].at(-1)?.[1] ?? ''
    } catch {
      dotnet = ''
    }
  }
  return dotnet === '' ? undefined : `ASP.NET Core ${dotnet}`
}

function kestrelProgram() {
  const folder = bench('peers/kestrel')
  const program = `${folder}/bin/kestrel.dll`
  if (!existsSync(program) || statSync(program).mtimeMs < statSync(`${folder}/Program.cs`).mtimeMs) {
    process.stderr.write('building bench/peers/kestrel\n')
    execFileSync('dotnet', ['build', '-c', 'Release', '-o', `${folder}/bin`, '-nologo', '-v', 'q'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  }
  return program
}

/** The version of an installed package, of Windhover's own too. */
export function versionOf(name) {
  const folder = name.startsWith('windhover') ? `../packages/${name}` : `node_modules/${name}`
  return JSON.parse(readFileSync(bench(`${folder}/package.json`), 'utf8')).version
}
