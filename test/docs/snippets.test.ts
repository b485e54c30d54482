import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = new URL('../../', import.meta.url).pathname
const pages = ['README.md', ...markdownBelow('docs'), ...readmesBelow('packages')]

// A fence that says `from=FILE#REGION` shows code that a test runs; the page and the file must not drift apart.
describe.each(pages)('%s', page => {
  const snippets = [...readFileSync(join(root, page), 'utf8').matchAll(/^```\w+ from=(\S+?)(?:#(\S+))?\n(.*?)^```$/gms)]

  it.skipIf(snippets.length === 0).each(snippets.map(([, file, region, code]) => ({ file: file!, region, code: code! })))(
    'shows $file#$region as it is run',
    ({ file, region, code }) => {
      expect(code.trimEnd()).toBe(readRegion(file, region))
    },
  )

  it('has no code that is neither run nor configuration', () => {
    const fences = [...readFileSync(join(root, page), 'utf8').matchAll(/^```(ts|js|mjs)\b(.*)$/gm)]
    expect(fences.filter(([, , info]) => !info!.includes('from=')).map(([fence]) => fence)).toEqual([])
  })
})

function readRegion(file: string, region: string | undefined): string {
  const text = readFileSync(join(root, file), 'utf8')
  if (region === undefined) return text.trimEnd()
  const match = new RegExp(`^( *)// #region ${region}\\n(.*?)^ *// #endregion$`, 'ms').exec(text)
  if (match === null) throw new Error(`${file} has no region "${region}"`)
  return match[2]!
    .split('\n')
    .map(line => (line.startsWith(match[1]!) ? line.slice(match[1]!.length) : line))
    .join('\n')
    .trimEnd()
}

function markdownBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .map(name => join(folder, name))
}

function readmesBelow(folder: string): string[] {
  return readdirSync(join(root, folder)).map(name => join(folder, name, 'README.md'))
}
