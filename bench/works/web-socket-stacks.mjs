import { bun, kestrel, node, uws } from '../lib/runtimes.mjs'

const script = name => `servers/websocket/${name}.mjs`
const windhoverScript = environment => node(script('windhover'), ['windhover'], environment)

/** The stacks that serve WebSockets, each in a certain environment. */
export const webSocketStacks = (environment = {}) => ({
  floor: { id: 'floor', title: 'the floor of `node:net`', runtime: node(script('floor'), [], environment) },
  buffer: { id: 'buffer', title: '**Windhover**, buffer loop', runtime: windhoverScript({ ...environment, LOOP: 'buffer' }) },
  messages: { id: 'messages', title: '**Windhover**, message loop', runtime: windhoverScript({ ...environment, LOOP: 'messages' }) },
  ws: { id: 'ws', title: 'ws', runtime: node(script('ws'), ['ws'], environment) },
  fastify: {
    id: 'fastify',
    title: '@fastify/websocket',
    runtime: node(script('fastify-websocket'), ['@fastify/websocket', 'fastify'], environment),
  },
  socketIo: {
    id: 'socket.io',
    title: 'socket.io',
    runtime: node(script('socket.io'), ['socket.io'], environment),
    load: { socketIo: true },
  },
  uws: { id: 'uws', title: 'uWebSockets.js (C++)', runtime: uws(script('uws'), environment) },
  bun: { id: 'bun', title: 'Bun (Zig, C++)', runtime: bun(script('bun'), environment) },
  kestrel: { id: 'kestrel', title: 'Kestrel (C#)', runtime: kestrel(environment) },
})

/** Windhover behind some middleware. */
export const windhoverBehind = (id, title, environment) => ({ id, title: `**Windhover**, ${title}`, runtime: windhoverScript(environment) })

export const wsBehindOne = { id: 'ws-one', title: 'ws behind one middleware', runtime: node(script('ws-behind-middleware'), ['ws']) }
export const sample = { id: 'sample', title: '**Windhover**, the sample', runtime: node(script('sample'), ['windhover']) }
