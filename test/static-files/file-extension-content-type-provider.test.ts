import { ArgumentException } from '@windhover/core'
import { FileExtensionContentTypeProvider } from '@windhover/static-files'
import { describe, expect, it } from 'vitest'

describe('FileExtensionContentTypeProvider', () => {
  const provider = new FileExtensionContentTypeProvider()

  it.each([
    ['a path', '/a.txt', 'text/plain'],
    ['another casing', '/a.TXT', 'text/plain'],
    ['the last of two extensions', '/a.tar.gz', 'application/x-gzip'],
    ['a name that is only an extension', '/.txt', 'text/plain'],
    ['a path without slash', '.css', 'text/css'],
    ['a dot in a directory only', '/a.txt/c', undefined],
    ['an unknown extension', '/a.unknown', undefined],
    ['no extension', '/a', undefined],
    ['a dot at the end', '/a.', undefined],
    ['an empty path', '', undefined],
    ['a property of Object', '/a.constructor', undefined],
    ['the prototype of Object', '/a.__proto__', undefined],
  ])('tells the type of %s', (_, path, contentType) => {
    expect(provider.tryGetContentType(path)).toBe(contentType)
  })

  it("has ASP.NET Core's mappings", () => {
    expect(provider.mappings.size).toBe(382)
    expect(
      Object.fromEntries(
        ['.html', '.js', '.mjs', '.wasm', '.webmanifest', '.woff2', '.323', '.xml', '.ivf'].map(key => [key, provider.mappings.get(key)]),
      ),
    ).toEqual({
      '.html': 'text/html',
      '.js': 'text/javascript',
      '.mjs': 'text/javascript',
      '.wasm': 'application/wasm',
      '.webmanifest': 'application/manifest+json',
      '.woff2': 'font/woff2',
      '.323': 'text/h323',
      '.xml': 'text/xml',
      '.ivf': 'video/x-ivf',
    })
  })

  it('can be given more mappings, in any casing', () => {
    const own = new FileExtensionContentTypeProvider()
    own.mappings.set('.Windhover', 'text/x-windhover')
    expect(own.tryGetContentType('/a.wINDHOVER')).toBe('text/x-windhover')
    expect(own.mappings.has('.WINDHOVER')).toBe(true)
    expect(provider.tryGetContentType('/a.windhover')).toBeUndefined()
  })

  it('forgets a mapping that is deleted, in any casing', () => {
    const own = new FileExtensionContentTypeProvider()
    expect(own.mappings.delete('.HTML')).toBe(true)
    expect(own.tryGetContentType('/a.html')).toBeUndefined()
  })

  it('takes other mappings in place of the standard ones', () => {
    const own = new FileExtensionContentTypeProvider([['.a', 'text/a']])
    expect([...own.mappings]).toEqual([['.a', 'text/a']])
  })

  it('refuses an extension without its dot, which could never match', () => {
    expect(() => provider.mappings.set('html', 'text/html')).toThrow(ArgumentException)
    expect(() => new FileExtensionContentTypeProvider([['html', 'text/html']])).toThrow('begins with its dot, like ".html", but was "html"')
  })
})
