// node works/http.mjs [--quick]: requests per second and processor time per request beside bare node:http, every stack in turn, several rounds.
import { fileURLToPath } from 'node:url'
import { description } from '../lib/machine.mjs'
import { runLoad, startServer } from '../lib/server-process.mjs'
import { median, spread } from '../lib/statistics.mjs'

const quick = process.argv.includes('--quick')
const only = process.argv
  .find(argument => argument.startsWith('--stacks='))
  ?.slice('--stacks='.length)
  .split(',')
const rounds = quick ? 3 : 5
const path = name => fileURLToPath(new URL(`../${name}`, import.meta.url))

const works = {
  hello: { path: '/hello' },
  'hello behind 5 middleware': { path: '/five', work: 'five' },
  json: { path: '/json' },
  'POST json': { path: '/echo', method: 'POST', body: JSON.stringify({ name: 'Ada', numbers: [1, 2, 3], nested: { flag: true } }) },
}
const stacks = ['node', 'windhover', 'fastify', 'hono', 'koa', 'express'].filter(name => name === 'node' || !only || only.includes(name))

console.log(`${description()}\n`)
console.log('| work | stack | requests/s | CPU us/request | of bare node:http (CPU) | spread |\n|---|---|---|---|---|---|')
for (const [title, { work = 'plain', ...request }] of Object.entries(works)) {
  const results = new Map(stacks.map(name => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 ? stacks.toReversed() : stacks) {
      process.stderr.write(`round ${round + 1}/${rounds}: ${title} ${name}        \r`)
      results.get(name).push(await measure(name, work, request))
    }
  }
  const cpu = name => median(results.get(name).map(result => result.cpuMicros))
  for (const name of stacks) {
    const rates = results.get(name).map(result => result.perSecond)
    console.log(
      `| ${title} | ${name} | ${Math.round(median(rates)).toLocaleString('en')} | ${cpu(name).toFixed(2)} | ${(cpu('node') / cpu(name)).toFixed(2)} | ${Math.round(spread(results.get(name).map(result => result.cpuMicros)) * 100)}% |`,
    )
  }
}

async function measure(name, work, request) {
  const server = await startServer([process.execPath, path(`servers/http/${name}.mjs`)], { WORK: work })
  try {
    return await runLoad(path('load/http.mjs'), {
      ...request,
      port: server.port,
      pid: server.pid,
      connections: 64,
      warmUp: 1,
      seconds: quick ? 2 : 4,
    })
  } finally {
    await server.stop()
  }
}
