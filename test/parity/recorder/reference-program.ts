import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

/** The release of .NET that the reference programs are written for. */
const release = 10

/** Why nothing can be recorded on this machine, or undefined when it can. */
export function missingSdk(): string | undefined {
  const { error, stdout = '' } = spawnSync('dotnet', ['--list-sdks'], { encoding: 'utf8' })
  const advice = `Recording runs ASP.NET Core itself and needs the .NET ${release} SDK (https://dotnet.microsoft.com/download)`
  if (error !== undefined) return `${advice}, but there is no "dotnet" on the PATH.`
  const versions = stdout.split('\n').flatMap(line => line.split(' ', 1)[0] || [])
  if (versions.some(version => Number.parseInt(version, 10) >= release)) return undefined
  return `${advice}, but this machine has ${versions.length === 0 ? 'no SDK at all' : `only ${versions.join(', ')}`}.`
}

/** Builds a reference program and returns the command that runs it. What the compiler writes goes to the temporary folder: the source tree stays as it is. */
export function buildReferenceProgram(project: string, assembly: string): readonly string[] {
  const name = basename(project, '.csproj')
  const output = join(tmpdir(), `windhover-${name.toLowerCase()}`)
  mkdirSync(output, { recursive: true })
  const options = ['-c', 'Release', '-v', 'quiet', '--nologo', '--artifacts-path', output]
  execFileSync('dotnet', ['build', dirname(project), ...options], { stdio: ['ignore', 'inherit', 'inherit'] })
  return ['dotnet', join(output, 'bin', name, 'release', `${assembly}.dll`)]
}
