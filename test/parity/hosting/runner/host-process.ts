import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { exchange } from './http-exchange.ts'

/** A case that runs a whole program. */
export interface ProcessCase {
  readonly spec?: object
  readonly steps?: readonly ProcessStep[]
  /** A port in use takes the place of `{{port}}`. */
  readonly occupied?: boolean
  /** What lies in the working folder. */
  readonly files?: Readonly<Record<string, unknown>>
  readonly variables?: Readonly<Record<string, string>>
}

interface ProcessStep {
  /** Until the output contains it. */
  readonly await?: string
  readonly signal?: NodeJS.Signals
  readonly delay?: number
  readonly request?: string
  /** A request that is left open. */
  readonly hold?: string
}

/** How long a program may take, in milliseconds. */
const deadline = 20_000

/** Runs `<command> host` with the case in PARITY_CASE, in an empty folder, follows its steps, and records what it prints and how it ends. */
export async function runProcess(command: readonly string[], row: ProcessCase): Promise<unknown> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'parity-host-')))
  for (const [name, content] of Object.entries(row.files ?? {})) writeFileSync(join(folder, name), JSON.stringify(content))
  const occupant = row.occupied ? await occupyPort() : undefined
  const child = spawn(command[0]!, [...command.slice(1), 'host'], {
    cwd: folder,
    env: { ...process.env, ...row.variables, PARITY_CASE: JSON.stringify(row.spec).replaceAll('{{port}}', String(occupant?.port)) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = new ProcessOutput(child)
  const ended = new Promise<{ exitCode: number | null; signal: string | null }>(resolve => {
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal }))
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), deadline)
  const held: Socket[] = []
  try {
    const responses: unknown[] = []
    for (const step of row.steps ?? []) {
      if (step.await) await output.contains(step.await)
      if (step.signal) child.kill(step.signal)
      if (step.delay) await delay(step.delay)
      if (step.request) responses.push((await exchange(output.address(), { path: step.request })).status)
      if (step.hold) held.push(await holdRequest(output.address(), step.hold))
    }
    const { exitCode, signal } = await ended
    const result = output.result(folder, occupant?.port)
    // An unhandled exception ends a process in different ways: SIGABRT in .NET, exit code 1 in Node. That it failed is what counts.
    const exit = result.stderr?.includes('<exception>') && exitCode !== 0 ? 'failure' : (exitCode ?? signal)
    return { exit, ...result, ...(responses.length > 0 ? { responses } : {}) }
  } finally {
    clearTimeout(timer)
    for (const socket of held) socket.destroy()
    occupant?.server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function occupyPort(): Promise<{ server: Server; port: number }> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { server, port: (server.address() as AddressInfo).port }
}

async function holdRequest(address: string, path: string): Promise<Socket> {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname).on('error', () => {})
  await new Promise<void>(resolve => socket.once('connect', resolve))
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  return socket
}

interface RecordedOutput {
  readonly events: readonly string[]
  readonly console: readonly string[]
  readonly stderr?: readonly string[]
}

class ProcessOutput {
  #stdout = ''
  #stderr = ''
  #ended = false
  #wake = (): void => {}

  constructor(child: ChildProcessByStdio<null, Readable, Readable>) {
    child.stdout.setEncoding('utf8').on('data', text => {
      this.#stdout += text
      this.#wake()
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      this.#stderr += text
    })
    child.on('close', () => {
      this.#ended = true
      this.#wake()
    })
  }

  async contains(text: string): Promise<void> {
    while (!this.#stdout.includes(text) && !this.#ended) {
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }

  address(): string {
    const address = /Now listening on: (http:\S+)/.exec(this.#stdout)?.[1]
    if (address === undefined) throw new Error(`The program does not say where it listens:\n${this.#stdout}`)
    return address
  }

  /** Events and console lines apart, because a logger may write from another thread. */
  result(folder: string, port: number | undefined): RecordedOutput {
    const lines = this.#stdout.split('\n').filter(line => line !== '')
    const events = lines.filter(line => line.startsWith('@')).map(line => line.slice(1))
    const console = withoutProse(lines.filter(line => !line.startsWith('@')).map(line => neutral(line, folder, port)))
    const errors = this.#stderr.split('\n').filter(line => line !== '')
    const stderr = withoutProse(errors.map(line => neutral(line, folder, port)))
    return { events, console, ...(stderr.length > 0 ? { stderr } : {}) }
  }
}

function neutral(line: string, folder: string, port: number | undefined): string {
  return line
    .trimEnd()
    .replaceAll(folder, '<root>')
    .replace(/(127\.0\.0\.1|localhost):\d+/g, (address, host) => (address === `${host}:${port}` ? `${host}:<occupied>` : `${host}:<port>`))
    .replace(/[\d.]+ms$/, '<time>ms')
    .replace(/^(Application startup exception): .*/, '$1: <exception>')
}

const plainCategories = /: (Microsoft\.Hosting\.Lifetime|Microsoft\.AspNetCore\.Hosting\.Diagnostics)\[(0|1|2|14)\]/

/** Status lines and the request log are kept word for word; of other log entries and of exceptions only that they are there. */
function withoutProse(lines: readonly string[]): string[] {
  const kept: string[] = []
  let plain = true
  for (const line of lines) {
    const isHeader = /^(trce|dbug|info|warn|fail|crit): /.test(line)
    if (isHeader) plain = plainCategories.test(line)
    else if (!line.startsWith(' ')) plain = true
    const isException = /^\s*(at |---|Unhandled exception|([A-Z]\w*\.)+\w*(Exception|Error)\b)/.test(line) || /^\s*\w*Error\b.*:/.test(line)
    const shown = isException ? '<exception>' : plain || isHeader ? line : '      <message>'
    if (isHeader || !shown.includes('<') || shown !== kept.at(-1) || shown.includes('Now listening')) kept.push(shown)
  }
  return kept
}
