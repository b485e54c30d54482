import { check } from './goal.mjs'
import { memoryPerSocket } from './memory-per-socket.mjs'
import { webSocketStacks } from './web-socket-stacks.mjs'

const stacks = webSocketStacks({ WORK: 'deflate' })
const loops = ['buffer', 'messages']

export const deflate = {
  name: 'deflate',
  title: 'Compressed messages',
  unit: 'message',
  text: `Echo of 1 KiB of JSON with permessage-deflate (RFC 7692), negotiated as a browser offers it, so that both sides keep their windows: 16 different messages, 4 in flight on each of 64
connections. The memory is that of the whole process, its window and all, divided by the number of idle sockets that have each had one compressed message.`,
  base: 'ws',
  columns: ['perSecond', 'cpuMicros', 'busy', 'kibPerSocket'],
  judged: 'perCpuSecond',
  stacks: [stacks.buffer, stacks.messages, stacks.ws, stacks.uws, stacks.kestrel],
  rows: ({ quick }) => [
    { id: 'echo', title: 'echo' },
    { id: 'memory', title: `${quick ? 300 : 1000} idle sockets`, sockets: quick ? 300 : 1000, judged: 'kibPerSocket' },
  ],
  measure({ server, load, row, span }) {
    if (row.id === 'memory') return memoryPerSocket({ server, load, count: row.sockets, options: { deflate: true } })
    return load('echo', {
      connections: 64,
      inFlight: 4,
      size: 1024,
      type: 'text',
      deflate: true,
      port: server.port,
      pid: server.pid,
      ...span,
    })
  },
  goals: [
    { text: 'at least 1.0 of `ws`', checks: loops.map(loop => check(['echo', loop], ['echo', 'ws'], { atLeast: 1 })) },
    {
      text: 'memory per socket not above that of `ws`',
      checks: loops.map(loop => check(['memory', loop], ['memory', 'ws'], { atMost: 1, metric: 'kibPerSocket' })),
    },
  ],
}
