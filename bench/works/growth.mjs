import { setTimeout as pause } from 'node:timers/promises'
import { check } from './goal.mjs'
import { webSocketStacks } from './web-socket-stacks.mjs'

const stacks = webSocketStacks()
const counts = [100, 1000, 10_000, 15_000]
const flat = { atMost: 1.15 }

export const growth = {
  name: 'growth',
  title: 'Growth',
  unit: 'message',
  text: `The same server with more and more sockets: 64 messages of 32 bytes are on the way over all of them together, each on the next socket in turn; then the sockets rest and memory is read as above.
With 100 sockets the memory says little: 4 KiB more or less of the process is much for so few.`,
  base: 'ws',
  columns: ['perSecond', 'cpuMicros', 'kibPerSocket'],
  judged: 'perCpuSecond',
  isAboutMemory: true,
  stacks: [stacks.messages, stacks.buffer, stacks.ws, stacks.floor],
  rows: ({ quick }) =>
    counts.map((count, i) => {
      const sockets = quick ? [100, 500, 1000, 2000][i] : count
      return { id: String(count), title: `${sockets.toLocaleString('en')} sockets`, sockets }
    }),
  async measure({ server, load, row, span, session }) {
    if (session.before === undefined) {
      await load('hold', { port: server.port, count: 100 })
      await load('rotate', { pid: server.pid, inFlight: 64, warmUp: 0, seconds: span.warmUp })
      await load('letGo', {})
      await pause(200)
      session.before = await server.residentBytesAfterGc()
    }
    await load('hold', { port: server.port, count: row.sockets })
    const speed = await load('rotate', { pid: server.pid, inFlight: 64, ...span })
    const bytes = (await server.residentBytesAfterGc()) - session.before
    return { ...speed, kibPerSocket: Math.max(0, bytes) / 1024 / row.sockets }
  },
  goals: [
    {
      text: 'processor time per message flat within 15%, from 100 to 15,000 sockets',
      checks: ['messages', 'buffer'].flatMap(loop =>
        counts.slice(1).map(count => check([String(count), loop], ['100', loop], { ...flat, metric: 'cpuMicros' })),
      ),
    },
    {
      text: 'memory per socket flat within 15%, from 1,000 to 15,000 sockets',
      checks: ['messages', 'buffer'].flatMap(loop =>
        [10_000, 15_000].map(count => check([String(count), loop], ['1000', loop], { ...flat, metric: 'kibPerSocket' })),
      ),
    },
  ],
}
