import { check } from './goal.mjs'
import { webSocketStacks, windhoverBehind } from './web-socket-stacks.mjs'

const environment = { WORK: 'broadcast' }
const stacks = webSocketStacks(environment)
const ids = ['1000', '10000']

export const broadcast = {
  name: 'broadcast',
  title: 'Broadcast',
  unit: 'delivery',
  text: `One socket sends 64 bytes, and the server sends them to every open socket; the next message follows when the last one has come everywhere. "Prepared" is
\`WebSocketMessage.prepare()\`: the frame is encoded once for all. The floor writes prebuilt bytes to every socket of \`node:net\`. The peak says how much more memory the server needed while it was busy
than before the first message.`,
  base: 'ws',
  columns: ['perSecond', 'cpuMicros', 'busy', 'peakMiB'],
  judged: 'perCpuSecond',
  isAboutMemory: true,
  stacks: [
    stacks.floor,
    windhoverBehind('prepared', 'prepared message', { ...environment, PREPARED: 'yes' }),
    windhoverBehind('plain', 'plain message', environment),
    stacks.ws,
    stacks.fastify,
    stacks.socketIo,
    stacks.uws,
    stacks.bun,
    stacks.kestrel,
  ],
  rows: ({ quick }) =>
    (quick ? [500, 2000] : [1000, 10_000]).map((sockets, i) => ({
      id: ids[i],
      title: `${sockets.toLocaleString('en')} sockets`,
      sockets,
    })),
  measure: ({ server, load, row, stack, span }) =>
    load('broadcast', { ...stack.load, sockets: row.sockets, size: 64, port: server.port, pid: server.pid, ...span }),
  goals: [
    { text: 'a prepared message: at least 3 x `ws`', checks: ids.map(id => check([id, 'prepared'], [id, 'ws'], { atLeast: 3 })) },
    { text: 'a plain message: at least 1.5 x `ws`', checks: ids.map(id => check([id, 'plain'], [id, 'ws'], { atLeast: 1.5 })) },
    {
      text: 'memory at the peak (stated beside `ws`, no goal)',
      checks: ids.flatMap(id => ['prepared', 'plain'].map(stack => check([id, stack], [id, 'ws'], { metric: 'peakMiB' }))),
    },
  ],
}
