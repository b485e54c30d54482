import { check } from './goal.mjs'
import { webSocketStacks, windhoverBehind } from './web-socket-stacks.mjs'

const stacks = webSocketStacks()

export const handshakes = {
  name: 'handshakes',
  title: 'Opening handshakes',
  unit: 'handshake',
  text: `64 connections at a time are opened, upgraded and thrown away. Windhover and Kestrel run each one through five asynchronous middleware; the others have none.`,
  base: 'ws',
  columns: ['perSecond', 'cpuMicros', 'busy'],
  judged: 'perCpuSecond',
  stacks: [
    stacks.floor,
    windhoverBehind('windhover', 'five middleware', { MIDDLEWARE: '5' }),
    windhoverBehind('bare', 'no middleware', {}),
    stacks.ws,
    stacks.fastify,
    stacks.socketIo,
    stacks.uws,
    stacks.bun,
    webSocketStacks({ MIDDLEWARE: '5' }).kestrel,
  ],
  rows: () => [{ id: 'upgrade', title: 'connection and upgrade' }],
  measure: ({ server, load, stack, span }) =>
    load('handshakes', { ...stack.load, atOnce: 64, port: server.port, pid: server.pid, ...span }),
  goals: [
    {
      text: 'through five middleware: at least 1.0 of `ws` without any',
      checks: [check(['upgrade', 'windhover'], ['upgrade', 'ws'], { atLeast: 1 })],
    },
  ],
}
