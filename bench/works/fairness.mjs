import { check } from './goal.mjs'
import { webSocketStacks } from './web-socket-stacks.mjs'

const stacks = webSocketStacks()
const row = { id: 'flood', title: '63 quiet sockets' }

export const fairness = {
  name: 'fairness',
  title: 'Fairness',
  unit: 'message',
  text: `63 sockets send 32 bytes now and then (every 10 ms on the average) and measure how long the answer takes. Then one more socket, in a thread of its own,
sends as fast as the server takes it. The 99th percentile says
how long the slowest of a hundred messages took (for each tenth of a second; the median of those counts); the last column says how many times longer that was during the flood.`,
  base: 'ws',
  columns: ['calmMicros', 'floodedMicros', 'floodPerSecond', 'timesLonger'],
  judged: 'timesLonger',
  stacks: [stacks.messages, stacks.buffer, stacks.ws, stacks.kestrel, stacks.floor],
  rows: () => [row],
  measure: ({ server, load, span }) =>
    load('fairness', { port: server.port, quiet: 63, restMillis: 10, ...span, seconds: Math.max(1, span.seconds) }),
  goals: [
    {
      text: 'the 99th percentile at most twice that without the flood',
      checks: ['messages', 'buffer'].map(loop => check([row.id, loop], undefined, { atMost: 2, metric: 'timesLonger' })),
    },
  ],
}
