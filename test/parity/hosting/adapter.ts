import { createInterface } from 'node:readline'
import { ParityDriver } from './parity-driver.ts'

/** Answers one message of the runner at a time. What hosts print must not get between the answers, so stdout is theirs alone. */
export async function runAdapterAsync(_args: readonly string[]): Promise<void> {
  const driver = new ParityDriver()
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = () => true
  for await (const line of createInterface({ input: process.stdin })) write(`${JSON.stringify(await driver.ask(JSON.parse(line)))}\n`)
}
