import { readFileSync } from 'node:fs'
import { FormOptions } from '@windhover/core'
import { NodeServer } from '@windhover/hosting'
import { WebSocketOptions } from '@windhover/websockets'
import { expect, it } from 'vitest'
import { WebSocketLimits } from '../../packages/websockets/src/options/web-socket-limits.ts'

const root = new URL('../../', import.meta.url).pathname

it('tells in docs/reference/limits.md every limit with its default (vitest -u writes the page anew)', async () => {
  const { http2, ...limits } = new NodeServer().options.limits
  const { allowedOrigins: _, ...options } = new WebSocketOptions()
  const page = `# Limits

What a peer may ask of the process, and where to change it. Sizes are bytes, times milliseconds, \`null\` is unlimited. This page is written from the sources.

## The server

\`useNodeServer({ limits: { ... } })\`, or the configuration section \`NodeServer:Limits\`.

${table(limits, 'packages/hosting/src/node-server/node-server-options.ts')}

## HTTP/2

\`useNodeServer({ limits: { http2: { ... } } })\`.

${table(http2, 'packages/hosting/src/node-server/http2/http2-limits.ts')}

## WebSockets

\`useWebSockets({ ... })\`, or \`services.addWebSockets(options => ...)\`.

${table(options, 'packages/websockets/src/options/web-socket-options.ts')}

What the engine uses inside. The first three are the options above; the others are fixed.

${table(WebSocketLimits, 'packages/websockets/src/options/web-socket-limits.ts')}

## Forms

\`services.configure(FormOptions, options => ...)\`, or the argument of \`readFormAsync\`.

${table(new FormOptions(), 'packages/core/src/http/form-options.ts')}
`
  await expect(page).toMatchFileSnapshot(`${root}docs/reference/limits.md`)
})

function table(defaults: object, file: string): string {
  const meanings = commentsOf(readFileSync(root + file, 'utf8'))
  const rows = Object.entries(defaults).map(([name, value]) => {
    const meaning = meanings.get(name)
    if (meaning === undefined) throw new Error(`${name} has no comment in ${file}`)
    return `| \`${name}\` | ${show(value)} | ${meaning} |`
  })
  return ['| limit | default | meaning |', '|---|---|---|', ...rows].join('\n')
}

/** The doc comment of each member; the default is told by the table. */
function commentsOf(source: string): Map<string, string> {
  const comments = source.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?:readonly )?(\w+)\??:/g)
  return new Map(
    [...comments].map(([, comment, name]) => [
      name!,
      comment!
        .replace(/\s*\n\s*\*?\s*/g, ' ')
        .replaceAll('|', '\\|')
        .trim(),
    ]),
  )
}

function show(value: unknown): string {
  if (typeof value === 'number') return value.toLocaleString('en-US')
  if (typeof value !== 'object' || value === null) return `\`${String(value)}\``
  return Object.entries(value)
    .map(([name, part]) => `${name} ${show(part)}`)
    .join(', ')
}
