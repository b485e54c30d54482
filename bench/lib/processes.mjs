import { fileURLToPath } from 'node:url'
import { startChild } from './child.mjs'
import { residentBytes } from './machine.mjs'

/** Starts a server on core 0 and waits for its line `{"port":...}`. */
export async function startServer({ command, environment }) {
  const child = startChild(0, command, { NODE_ENV: 'production', ...environment })
  try {
    const { port } = await child.answer()
    return {
      port,
      pid: child.pid,
      started: child.started,
      /** Collects garbage until nothing more becomes free, and answers the resident memory in bytes. */
      async residentBytesAfterGc() {
        await child.ask('gc')
        return residentBytes(child.pid)
      },
      stop: () => child.stop(),
      beginProfile: () => child.ask('profile'),
      writeProfile: file => child.ask(`write ${file}`),
    }
  } catch (error) {
    await child.stop()
    throw error
  }
}

/** Starts the load generator on core 1. It lives as long as the server that it loads. */
export function startLoad() {
  const child = startChild(1, [process.execPath, fileURLToPath(new URL('../load/agent.mjs', import.meta.url))], {})
  return {
    async run(kind, options) {
      const { result, error } = await child.ask(JSON.stringify({ kind, options }))
      if (error !== undefined) throw new Error(`load ${kind}: ${error}`)
      return result
    },
    stop: () => child.stop(),
  }
}
