import { node } from '../lib/runtimes.mjs'
import { ahead, check } from './goal.mjs'

const script = name => `servers/scoped/${name}.mjs`
const accessor = { ACCESSOR: 'yes' }

export const scoped = {
  name: 'scoped',
  title: 'Services of a request',
  unit: 'request',
  text: `A request resolves one service that lives as long as the request and has one dependency, which does so too; "without" is the same request without it. "Accessor" is the same with
\`addHttpContextAccessor()\`, which makes the context of the request available everywhere by \`AsyncLocalStorage\`; the peers do the same by hand. tsyringe's child container is made by hand on bare
\`node:http\`.`,
  base: 'tsyringe',
  columns: ['perSecond', 'cpuMicros', 'busy'],
  judged: 'perCpuSecond',
  stacks: [
    { id: 'windhover', title: '**Windhover**', runtime: node(script('windhover'), ['windhover']) },
    { id: 'nest', title: 'NestJS, request scope', runtime: node(script('nest'), ['@nestjs/core', '@nestjs/platform-fastify']) },
    { id: 'tsyringe', title: 'tsyringe by hand', runtime: node(script('tsyringe'), ['tsyringe']) },
  ],
  rows: () => [
    { id: 'plain', title: 'without', path: '/plain' },
    { id: 'scoped', title: 'one scoped service', path: '/scoped' },
    { id: 'plain-accessor', title: 'without, accessor', path: '/plain', environment: accessor },
    { id: 'scoped-accessor', title: 'one scoped service, accessor', path: '/scoped', environment: accessor },
  ],
  measure: ({ server, load, row, span }) => load('http', { path: row.path, connections: 64, port: server.port, pid: server.pid, ...span }),
  goals: [
    {
      text: 'a request with a scoped service: ahead of NestJS and of tsyringe by hand',
      checks: ['nest', 'tsyringe'].map(other => ahead(['scoped', 'windhover'], ['scoped', other])),
    },
    {
      text: 'at least 0.85 of the same request without the service',
      checks: [check(['scoped', 'windhover'], ['plain', 'windhover'], { atLeast: 0.85 })],
    },
    {
      text: 'the same with the accessor (stated, no goal)',
      checks: [
        check(['plain-accessor', 'windhover'], ['plain', 'windhover'], {}),
        check(['scoped-accessor', 'windhover'], ['scoped', 'windhover'], {}),
      ],
    },
  ],
}
