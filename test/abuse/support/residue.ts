import { collectGarbage } from '../../support/collect-garbage.ts'
import { turn } from './scale.ts'

/** What may stay of an attack: compiled code, feedback of the engine, and what the tests themselves keep. */
const usualAllowance = 3 * 1024 * 1024
/** How long the last connections and timers may take to go. */
const patience = 5_000

/** Comes and goes in every turn. */
const passing = new Set(['Immediate', 'TickObject'])

/** What the process holds: heap and the handles that keep it alive. */
export class Residue {
  readonly #bytes: number
  readonly #handles: readonly string[]

  private constructor(bytes: number, handles: readonly string[]) {
    this.#bytes = bytes
    this.#handles = handles
  }

  static async takeAsync(): Promise<Residue> {
    for (let i = 0; i < 3; i++) {
      await turn()
      collectGarbage()
    }
    return new Residue(heldBytes(), handles())
  }

  /** Rejects when the process does not come back to what it held at this time, but for so many bytes. */
  async comesBackAsync(allowance = usualAllowance): Promise<void> {
    const end = performance.now() + patience
    let [more, bytes] = [this.#moreHandles(), 0]
    do {
      await turn()
      more = this.#moreHandles()
      if (more.length > 0) continue
      collectGarbage()
      bytes = heldBytes() - this.#bytes
      if (bytes < allowance) return
    } while (performance.now() < end)
    throw new Error(
      `The process does not come back to what it held before: ${bytes} bytes and these handles are more than that: [${more}].`,
    )
  }

  /** A handle of before may have gone, such as a timer of the test runner. */
  #moreHandles(): string[] {
    const before = [...this.#handles]
    return handles().filter(name => {
      const at = before.indexOf(name)
      if (at >= 0) before.splice(at, 1)
      return at < 0
    })
  }
}

function heldBytes(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function handles(): string[] {
  return process.getActiveResourcesInfo().filter(name => !passing.has(name))
}
