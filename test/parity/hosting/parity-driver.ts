import { BindingAddress } from '@windhover/hosting'
import { configurationTables } from './configuration-tables.ts'
import { environmentTables } from './environment-tables.ts'
import { errorKind } from './error-kind.ts'
import { httpTables } from './http-tables.ts'
import { type LifecycleSpec, runLifecycle } from './lifecycle-driver.ts'
import { loggingTables } from './logging-tables.ts'
import { PipelineServer } from './pipeline-server.ts'
import type { Answer, Implementation, Message } from './runner/implementation.ts'
import { runServices } from './services-driver.ts'
import { UnknownOperation } from './unknown-operation.ts'

type Table = (input: never) => unknown

const bindingAddressTable = {
  'binding-address/parse': (text: string): unknown => {
    const address = BindingAddress.parse(text)
    const { scheme, host, port, pathBase, isUnixPipe } = address
    return { scheme, host, port, pathBase, isUnixPipe, text: address.toString() }
  },
}

const tables: ReadonlyMap<string, Table> = new Map<string, Table>(
  Object.entries({ ...httpTables, ...configurationTables, ...loggingTables, ...environmentTables, ...bindingAddressTable }),
)

/** Windhover as the runner sees it. */
export class ParityDriver implements Implementation {
  static hasTable(table: string | undefined): boolean {
    return table !== undefined && tables.has(table)
  }

  readonly command: readonly string[] | undefined
  #server: PipelineServer | undefined

  constructor(command?: readonly string[]) {
    this.command = command
  }

  async ask(message: Message): Promise<Answer> {
    try {
      return await this.#answer(message)
    } catch (error) {
      return error instanceof UnknownOperation ? { broken: String(error.stack) } : { error: errorKind(error) }
    }
  }

  async #answer({ op, spec, table = '', in: input }: Message): Promise<Answer> {
    switch (op) {
      case 'open':
        this.#server = new PipelineServer(spec as never)
        return { address: await this.#server.openAsync() }
      case 'trace':
        return { trace: await this.#server!.drainAsync() }
      case 'close':
        return { trace: await this.#server!.closeAsync() }
      case 'table': {
        const evaluate = tables.get(table)
        return evaluate === undefined ? { unsupported: true } : { out: await evaluate(input as never) }
      }
      case 'services':
        return { out: await runServices(spec as never) }
      case 'lifecycle':
        return { out: await runLifecycle(spec as LifecycleSpec) }
      default:
        return { unsupported: true }
    }
  }

  close(): void {}
}
