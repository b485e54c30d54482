import { createInterface } from 'node:readline'
import { ParityDriver } from './parity-driver.ts'
import { runProcessHost } from './process-host.ts'

/** `host` as the first argument: runs the one host that PARITY_CASE describes. Else answers one message of the runner at a time; nothing else is written to stdout then. */
export async function runAdapterAsync([mode]: readonly string[]): Promise<void> {
  if (mode === 'host') return runProcessHost(process.env.PARITY_CASE!)
  const driver = new ParityDriver()
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = () => true
  for await (const line of createInterface({ input: process.stdin })) write(`${JSON.stringify(await driver.ask(JSON.parse(line)))}\n`)
}
