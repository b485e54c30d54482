import { ahead, check } from './goal.mjs'
import { sample, webSocketStacks, wsWithBufferutil } from './web-socket-stacks.mjs'

const loops = ['buffer', 'messages']
const shape = (id, title, options) => ({ id, title, options: { connections: 64, ...options } })
const rows = [
  shape('32-text-1', '32 B text, 1 in flight', { size: 32, type: 'text', inFlight: 1 }),
  shape('32-binary-1', '32 B binary, 1 in flight', { size: 32, type: 'binary', inFlight: 1 }),
  shape('1k-text-1', '1 KiB text, 1 in flight', { size: 1024, type: 'text', inFlight: 1 }),
  shape('1k-binary-1', '1 KiB binary, 1 in flight', { size: 1024, type: 'binary', inFlight: 1 }),
  shape('32-text-64', '32 B text, 64 in flight', { size: 32, type: 'text', inFlight: 64 }),
  shape('32-binary-64', '32 B binary, 64 in flight', { size: 32, type: 'binary', inFlight: 64 }),
  shape('1k-text-16', '1 KiB text, 16 in flight', { size: 1024, type: 'text', inFlight: 16 }),
  shape('1k-binary-16', '1 KiB binary, 16 in flight', { size: 1024, type: 'binary', inFlight: 16 }),
  shape('64k-text', '64 KiB text', { size: 65_536, type: 'text', inFlight: 1 }),
  shape('64k-binary', '64 KiB binary', { size: 65_536, type: 'binary', inFlight: 1 }),
  shape('1m-binary', '1 MiB binary, 16 connections', { size: 1_048_576, type: 'binary', inFlight: 1, connections: 16 }),
]
const ids = part => rows.map(({ id }) => id).filter(id => part.test(id))
const against = (part, other, expectation) => ids(part).flatMap(id => loops.map(loop => check([id, loop], [id, other], expectation)))

const stacks = webSocketStacks()

export const echo = {
  name: 'echo',
  title: 'WebSocket echo',
  unit: 'message',
  text: `64 connections send messages and get each one back. "1 in flight": a connection waits for the answer before it sends again, so every message costs both sides their system calls. "64 in flight":
so many are on the way on each connection, and a server that reads and writes many at once shows it. The floor is an upgraded socket of \`node:net\` that answers prebuilt bytes without reading what
came: no server on Node's own sockets can be faster, and the load generator is seen to be faster than that. The buffer loop is the one of the sample (\`receiveAsync(buffer)\`), the message loop is
\`for await (const message of socket)\`; "the sample" is the sample itself, as it is.`,
  base: 'ws',
  columns: ['perSecond', 'cpuMicros', 'busy'],
  judged: 'perCpuSecond',
  stacks: [
    stacks.floor,
    stacks.buffer,
    stacks.messages,
    { ...sample, rows: ['32-text-1', '32-text-64', '1k-text-16'] },
    stacks.ws,
    wsWithBufferutil,
    stacks.fastify,
    stacks.socketIo,
    stacks.uws,
    stacks.bun,
    stacks.kestrel,
  ],
  rows: () => rows,
  measure: ({ server, load, row, stack, span }) =>
    load('echo', { ...row.options, ...stack.load, port: server.port, pid: server.pid, ...span }),
  goals: [
    { text: '1 in flight: at least 0.95 of the floor', checks: against(/-1$/, 'floor', { atLeast: 0.95 }) },
    { text: '1 in flight: at least 1.0 of `ws`', checks: against(/-1$/, 'ws', { atLeast: 1 }) },
    { text: '64 x 32 B in flight: at least 10 x `ws`', checks: against(/-64$/, 'ws', { atLeast: 10 }) },
    { text: '16 x 1 KiB in flight: at least 3 x `ws`', checks: against(/-16$/, 'ws', { atLeast: 3 }) },
    {
      text: '64 x 32 B in flight: ahead of uWebSockets.js',
      checks: ids(/-64$/).flatMap(id => loops.map(loop => ahead([id, loop], [id, 'uws']))),
    },
    { text: 'many in flight: at least 3 x Kestrel', checks: against(/-(64|16)$/, 'kestrel', { atLeast: 3 }) },
    {
      text: "many in flight: processor time per message at most twice the floor's",
      checks: against(/-(64|16)$/, 'floor', { atMost: 2, metric: 'cpuMicros' }),
    },
    { text: '64 KiB and 1 MiB: at least 1.5 x `ws`', checks: against(/^(64k|1m)/, 'ws', { atLeast: 1.5 }) },
    { text: '64 KiB and 1 MiB: at least 0.8 of uWebSockets.js', checks: against(/^(64k|1m)/, 'uws', { atLeast: 0.8 }) },
  ],
}
