import { kestrel, node } from '../lib/runtimes.mjs'
import { check } from './goal.mjs'

const script = name => `servers/http/${name}.mjs`
const ready = 'ready'
const time = (other, expectation) => check([ready, 'windhover'], [ready, other], expectation)

export const startup = {
  name: 'startup',
  title: 'Start-up',
  unit: 'start',
  text: 'From the start of the process to the complete answer to its first request, on one core.',
  base: 'fastify',
  columns: ['milliseconds'],
  judged: 'milliseconds',
  isShort: true,
  needsNoLoad: true,
  stacks: [
    { id: 'node', title: '`node:http`, bare', runtime: node(script('node')) },
    { id: 'windhover', title: '**Windhover**', runtime: node(script('windhover'), ['windhover']) },
    { id: 'fastify', title: 'Fastify', runtime: node(script('fastify'), ['fastify']) },
    { id: 'nest', title: 'NestJS on Fastify', runtime: node(script('nest'), ['@nestjs/core', '@nestjs/platform-fastify']) },
    { id: 'kestrel', title: 'Kestrel (C#)', runtime: kestrel() },
  ],
  rows: () => [{ id: ready, title: 'first response' }],
  async measure({ server }) {
    const response = await fetch(`http://127.0.0.1:${server.port}/hello`)
    if ((await response.text()) !== 'Hello, World!') throw new Error('an unexpected first answer')
    return { milliseconds: performance.now() - server.started }
  },
  goals: [
    { text: 'ahead of NestJS and Kestrel', checks: [time('nest', { atMost: 1 }), time('kestrel', { atMost: 1 })] },
    { text: 'at most 1.5 x Fastify', checks: [time('fastify', { atMost: 1.5 })] },
  ],
}
