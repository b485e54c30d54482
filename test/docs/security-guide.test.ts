import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NodeServer } from '@windhover/hosting'
import { WebSocketOptions } from '@windhover/websockets'
import { describe, expect, it } from 'vitest'

const root = new URL('../../', import.meta.url).pathname
const page = readFileSync(join(root, 'docs/guide/security.md'), 'utf8')
const links = [...page.matchAll(/\[([^\]]+)\]\(\.\.\/\.\.\/(test\/[^)]+)\)/g)].map(([, title, file]) => ({ title: title!, file: file! }))
const rows = page.split('\n').filter(line => line.startsWith('| ') && !line.startsWith('| attack'))

describe('docs/guide/security.md', () => {
  it.each(links)('names a test that exists: $title', ({ title, file }) => {
    expect(existsSync(join(root, file)), file).toBe(true)
    expect(readFileSync(join(root, file), 'utf8').replaceAll("\\'", "'")).toContain(title)
  })

  it('names a test for every attack', () => {
    expect(rows.length).toBeGreaterThan(40)
    expect(rows.filter(row => !/\]\(\.\.\/\.\.\/test\/[^)]+\) \|$/.test(row))).toEqual([])
  })

  it('names options that exist', () => {
    const { http2: _, ...limits } = new NodeServer().options.limits
    const known = new Set([...Object.keys(limits), ...Object.keys(new WebSocketOptions())])
    const others = new Set(['AllowedHosts', 'HostFilteringOptions', 'dangerousEnableCompression', "['*']"])
    const named = rows.flatMap(row =>
      [
        ...row
          .split(' | ')
          .at(-2)!
          .matchAll(/`([^`]+)`/g),
      ].map(([, name]) => name!),
    )
    expect(named.length).toBeGreaterThan(15)
    expect(named.filter(name => !known.has(name) && !others.has(name))).toEqual([])
  })
})
