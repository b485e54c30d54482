import { kestrel, node } from '../lib/runtimes.mjs'
import { ahead, check } from './goal.mjs'

const script = name => `servers/http/${name}.mjs`
const frameworks = ['fastify', 'hono', 'koa', 'express', 'nest', 'kestrel']
const rows = [
  { id: 'hello', title: '"Hello, World!"', request: { path: '/hello' } },
  { id: 'json', title: 'an object as JSON', request: { path: '/json' } },
  {
    id: 'post',
    title: 'POST, a JSON body back',
    request: { path: '/echo', method: 'POST', body: JSON.stringify({ name: 'Ada', numbers: [1, 2, 3], nested: { flag: true } }) },
  },
  { id: 'five', title: 'hello behind five middleware', request: { path: '/five' }, environment: { WORK: 'five' } },
]

export const http = {
  name: 'http',
  title: 'HTTP requests',
  unit: 'request',
  text: `64 connections stay open, and each sends its next request when it has the answer to the last. Bare \`node:http\` is what any framework on Node must pay, so the last column
says how much of its speed a framework keeps: 1.00 would be a framework that costs nothing.`,
  base: 'node',
  columns: ['perSecond', 'cpuMicros', 'busy'],
  judged: 'perCpuSecond',
  stacks: [
    { id: 'node', title: '`node:http`, bare', runtime: node(script('node')) },
    { id: 'windhover', title: '**Windhover**', runtime: node(script('windhover'), ['windhover']) },
    { id: 'fastify', title: 'Fastify', runtime: node(script('fastify'), ['fastify']) },
    { id: 'hono', title: 'Hono', runtime: node(script('hono'), ['hono', '@hono/node-server']) },
    { id: 'koa', title: 'Koa', runtime: node(script('koa'), ['koa']) },
    { id: 'express', title: 'Express', runtime: node(script('express'), ['express']) },
    { id: 'nest', title: 'NestJS on Fastify', runtime: node(script('nest'), ['@nestjs/core', '@nestjs/platform-fastify']) },
    { id: 'kestrel', title: 'Kestrel (C#)', runtime: kestrel() },
  ],
  rows: () => rows,
  measure: ({ server, load, row, span }) => load('http', { ...row.request, connections: 64, port: server.port, pid: server.pid, ...span }),
  goals: [
    {
      text: 'at least 0.92 of the speed of bare `node:http`',
      checks: rows.map(({ id }) => check([id, 'windhover'], [id, 'node'], { atLeast: 0.92 })),
    },
    {
      text: 'ahead of every Node framework and of Kestrel',
      checks: rows.flatMap(({ id }) => frameworks.map(other => ahead([id, 'windhover'], [id, other]))),
    },
  ],
}
