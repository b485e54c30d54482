import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { pipelineWithoutServer } from '../../docs/examples/core.ts'
import { testAnApplication } from '../../docs/examples/testing.ts'

it('runs the example of @windhover/core: a pipeline without a server', async () => {
  const { status, greeting } = await pipelineWithoutServer()
  expect(status).toBe(404)
  expect(greeting).toMatch(/^(Good morning|Hello), Ada$/)
})

it('runs the example of @windhover/testing', async () => {
  expect(await testAnApplication()).toEqual([200, 'hello', 'echo'])
})

it('runs the first application of the README as it stands there, in plain JavaScript', async () => {
  const root = new URL('../../', import.meta.url).pathname
  const child = spawn(process.execPath, ['docs/examples/first-application.mjs', '--urls', 'http://127.0.0.1:0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  const output = createInterface({ input: child.stdout })
  output.on('line', line => lines.push(line))
  try {
    while (!lines.some(line => line.includes('Application started'))) await once(output, 'line')
    const address = lines.map(line => /Now listening on: (\S+)/.exec(line)?.[1]).find(found => found !== undefined)!

    expect(await (await fetch(address)).text()).toBe('Hello from Windhover')

    const socket = new WebSocket(`${address.replace('http', 'ws')}/ws`)
    await once(socket, 'open')
    socket.send('echo')
    const [data] = (await once(socket, 'message')) as [Buffer]
    expect(String(data)).toBe('echo')

    const closed = once(socket, 'close') as Promise<[number]>
    child.kill('SIGINT')
    expect((await closed)[0]).toBe(1001)
    const [code] = (await once(child, 'exit')) as [number]
    expect(code).toBe(0)
    expect(lines.filter(line => /^GET \/ws: \d+\.\d ms$/.test(line))).toHaveLength(1)
  } finally {
    child.kill('SIGKILL')
  }
})
