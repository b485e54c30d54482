import { bun, kestrel, node, uws } from '../lib/runtimes.mjs'

const script = name => `servers/websocket/${name}.mjs`
/** ws as `npm install ws` gives it. The bench happens to have bufferutil, which ws would find. */
const pure = environment => ({ WS_NO_BUFFER_UTIL: '1', WS_NO_UTF_8_VALIDATE: '1', ...environment })
const windhoverScript = environment => node(script('windhover'), ['windhover'], environment)

/** The stacks that serve WebSockets, each in a certain environment. */
export const webSocketStacks = (environment = {}) => ({
  floor: { id: 'floor', title: 'the floor of `node:net`', runtime: node(script('floor'), [], environment) },
  buffer: { id: 'buffer', title: '**Windhover**, buffer loop', runtime: windhoverScript({ ...environment, LOOP: 'buffer' }) },
  messages: { id: 'messages', title: '**Windhover**, message loop', runtime: windhoverScript({ ...environment, LOOP: 'messages' }) },
  ws: { id: 'ws', title: 'ws', runtime: node(script('ws'), ['ws'], pure(environment)) },
  fastify: {
    id: 'fastify',
    title: '@fastify/websocket',
    runtime: node(script('fastify-websocket'), ['@fastify/websocket', 'fastify'], pure(environment)),
  },
  socketIo: {
    id: 'socket.io',
    title: 'socket.io',
    runtime: node(script('socket.io'), ['socket.io'], pure(environment)),
    load: { socketIo: true },
  },
  uws: { id: 'uws', title: 'uWebSockets.js (C++)', runtime: uws(script('uws'), environment) },
  bun: { id: 'bun', title: 'Bun (Zig, C++)', runtime: bun(script('bun'), environment) },
  kestrel: { id: 'kestrel', title: 'Kestrel (C#)', runtime: kestrel(environment) },
})

/** Windhover behind some middleware. */
export const windhoverBehind = (id, title, environment) => ({ id, title: `**Windhover**, ${title}`, runtime: windhoverScript(environment) })

export const wsWithBufferutil = { id: 'ws-bufferutil', title: 'ws with bufferutil (C)', runtime: node(script('ws'), ['bufferutil']) }
export const wsBehindOne = {
  id: 'ws-one',
  title: 'ws behind one middleware',
  runtime: node(script('ws-behind-middleware'), ['ws'], pure({})),
}
export const sample = { id: 'sample', title: '**Windhover**, the sample', runtime: node(script('sample'), ['windhover']) }
