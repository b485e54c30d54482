import { setTimeout as pause } from 'node:timers/promises'
import { startLoad, startServer } from './processes.mjs'
import { rounded } from './statistics.mjs'

/**
 * Measures some rows of a work with one stack: in a server process of their own and a load generator of their own, which live for exactly these rows.
 * `measured` hears each sample.
 */
export async function runSession({ work, stack, rows, runtime, settings, measured, profile }) {
  const generator = work.needsNoLoad ? undefined : startLoad()
  const load = (kind, options) => generator.run(kind, options)
  const session = {}
  let server
  try {
    server = await startServer(serverOf(stack, rows[0], runtime))
    if (profile !== undefined) await server.beginProfile()
    for (const [i, row] of rows.entries()) {
      const span = { warmUp: i === 0 ? settings.firstWarmUp : settings.warmUp, seconds: settings.seconds }
      const sample = await withinTime(
        work.measure({ server, load, row, stack, span, session, settings }),
        `${work.name}/${row.id} ${stack.id}`,
      )
      if (sample.cpuMicros !== undefined) sample.perCpuSecond = 1e6 / sample.cpuMicros
      measured(row, Object.fromEntries(Object.entries(sample).map(([metric, value]) => [metric, rounded(value)])))
    }
    if (profile !== undefined) await server.writeProfile(profile)
  } finally {
    await Promise.all([server?.stop(), generator?.stop()])
  }
}

/** The rows of a work that one server process can serve: those that want the same environment. */
export function groupRows(stack, rows) {
  const groups = new Map()
  for (const row of rows) {
    if (stack.rows !== undefined && !stack.rows.includes(row.id)) continue
    const key = JSON.stringify(row.environment ?? {})
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()]
}

function serverOf(stack, row, runtime) {
  return { command: stack.runtime.command(runtime), environment: { ...stack.runtime.environment, ...row.environment } }
}

/** A server that answers nothing more must not hold everything up. */
async function withinTime(promise, what) {
  const expired = new AbortController()
  const late = pause(120_000, undefined, { signal: expired.signal }).then(
    () => {
      throw new Error(`${what} took more than two minutes`)
    },
    () => {},
  )
  try {
    return await Promise.race([promise, late])
  } finally {
    expired.abort()
  }
}
