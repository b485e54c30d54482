import { median } from '../lib/statistics.mjs'
import { check } from './goal.mjs'
import { memoryPerSocket } from './memory-per-socket.mjs'
import { webSocketStacks, windhoverBehind, wsBehindOne } from './web-socket-stacks.mjs'

const stacks = webSocketStacks()
const one = (LOOP, title) => windhoverBehind(`${LOOP}-one`, `${title}, one middleware`, { LOOP, MIDDLEWARE: '1' })
const five = (LOOP, title, STYLE) =>
  windhoverBehind(`${LOOP}-five-${STYLE}`, `${title}, five ${STYLE === 'async' ? '`async`' : 'that return `next()`'}`, {
    LOOP,
    MIDDLEWARE: '5',
    STYLE,
  })
const memory = (top, bottom, atMost) => check(['idle', top], ['idle', bottom], { atMost })

export const idle = {
  name: 'idle',
  title: 'Memory of an idle socket',
  unit: 'socket',
  text: `The resident memory of the whole server process after garbage collection, divided by the number of open sockets. Each socket has had one message there and back and waits for the next. An
\`async\` middleware stands still for as long as the socket lives and costs its frame; one that returns \`next()\` costs nothing.`,
  base: 'ws',
  columns: ['kibPerSocket'],
  judged: 'kibPerSocket',
  isAboutMemory: true,
  stacks: [
    stacks.floor,
    one('messages', 'message loop'),
    five('messages', 'message loop', 'sync'),
    five('messages', 'message loop', 'async'),
    one('buffer', 'buffer loop'),
    five('buffer', 'buffer loop', 'sync'),
    five('buffer', 'buffer loop', 'async'),
    stacks.ws,
    wsBehindOne,
    stacks.fastify,
    stacks.socketIo,
    stacks.uws,
    stacks.bun,
    webSocketStacks({ MIDDLEWARE: '5' }).kestrel,
  ],
  rows: ({ quick }) =>
    (quick ? [2000] : [10_000]).map(sockets => ({ id: 'idle', title: `${sockets.toLocaleString('en')} sockets`, sockets })),
  measure: ({ server, load, row, stack }) => memoryPerSocket({ server, load, count: row.sockets, options: stack.load }),
  goals: [
    { text: 'message loop behind one middleware: at most 1.0 of `ws`', checks: [memory('messages-one', 'ws', 1)] },
    { text: 'message loop behind five `async` ones: at most 1.4 of `ws`', checks: [memory('messages-five-async', 'ws', 1.4)] },
    { text: 'message loop behind five `async` ones: at most 0.5 of Kestrel', checks: [memory('messages-five-async', 'kestrel', 0.5)] },
    {
      text: 'beside `ws` behind one middleware (stated, no goal)',
      checks: [check(['idle', 'messages-one'], ['idle', 'ws-one'], {}), check(['idle', 'messages-five-async'], ['idle', 'ws-one'], {})],
    },
  ],
  notes: ({ idle: found = {} }) => {
    const kib = id => found[id] && median(found[id].kibPerSocket)
    const [suspended, plain] = [kib('messages-five-async'), kib('messages-five-sync')]
    if (suspended === undefined || plain === undefined) return []
    return [
      `An \`async\` middleware that waits for its socket costs ${Math.round(((suspended - plain) / 5) * 1024)} bytes; one that returns \`next()\` costs none.`,
    ]
  },
}
