import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface ProgramEnd {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export const programPath = fileURLToPath(new URL('program.mjs', import.meta.url))

/** Runs the program to its end. It uses the built packages, as an application does. */
export function runProgram(scenario: string, args: readonly string[] = [], nodeArgs: readonly string[] = []): Promise<ProgramEnd> {
  const env = { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' }
  return new Promise(resolve => {
    execFile(process.execPath, [...nodeArgs, programPath, scenario, ...args], { env, timeout: 15_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr })
    })
  })
}
