import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { ArgumentException, IOException } from '@windhover/core'
import { PhysicalFileProvider } from '@windhover/static-files'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder({
  'secret.txt': 'secret',
  'root/a.txt': 'plain',
  'root/100%.txt': 'percent',
  'root/%61.txt': 'escape',
  'root/50%25.txt': 'escape of a percent',
  'root/sub/file.txt': 'nested',
  'root/sub%2Ffile.txt': 'encoded slash',
  'root/é ü#?;+&.txt': 'special',
  'root/.hidden': 'hidden',
  'root/.git/config': 'hidden',
  'root/sub/.env': 'hidden',
  'root/sub/.well-known/x.txt': 'hidden',
  'root/.well-known/x.txt': 'well known',
  'root/.well-known/.x': 'hidden',
  'root/.well-known/y/.z/x': 'hidden',
  'root/..a.txt': 'hidden',
  'root/a..txt': 'two dots',
  'root/a...txt': 'three dots',
  'root/sub\\file.txt': 'on this system an ordinary name, on another one a directory',
})
const root = join(folder, 'root')
const files = new PhysicalFileProvider(root)

describe('a file is found', () => {
  it.each([
    ['by its name', '/a.txt', 'a.txt'],
    ['in a directory below', '/sub/file.txt', 'file.txt'],
    ['with a percent sign in its name', '/100%.txt', '100%.txt'],
    ['with an escape in its name, which is not decoded', '/%61.txt', '%61.txt'],
    ['with the escape of a percent sign in its name', '/50%25.txt', '50%25.txt'],
    ['with an encoded slash in its name, which is no directory', '/sub%2Ffile.txt', 'sub%2Ffile.txt'],
    ['with special characters in its name', '/é ü#?;+&.txt', 'é ü#?;+&.txt'],
    ['with several dots in its name', '/a...txt', 'a...txt'],
    ['with two dots in the middle of its name', '/a..txt', 'a..txt'],
    ['in the well-known location', '/.well-known/x.txt', 'x.txt'],
  ])('%s', async (_, path, name) => {
    expect(await files.getFileInfoAsync(path)).toMatchObject({ name, physicalPath: join(root, path), isDirectory: false })
  })

  it('with its length in bytes and the time of its last change', async () => {
    const info = await files.getFileInfoAsync('/a.txt')
    expect(info?.length).toBe(5)
    expect(Date.now() - info!.lastModified.getTime()).toBeLessThan(60_000)
  })
})

describe('nothing is found', () => {
  it.each([
    ['a missing file', '/none.txt'],
    ['an empty path', ''],
    ['the root', '/'],
    ['a directory', '/sub'],
    ['a directory with its slash', '/sub/'],
    ['a file with a slash behind it', '/a.txt/'],
    ['a file below a file', '/a.txt/b.txt'],
    ['another casing', '/A.TXT'],
    ['a parent of the root', '/../secret.txt'],
    ['a parent of the root, from below', '/sub/../../secret.txt'],
    ['a parent of the root and back', '/../root/a.txt'],
    ['two dots alone', '/..'],
    ['two dots inside the root', '/sub/../a.txt'],
    ['one dot', '/./a.txt'],
    ['two dots at the end', '/sub/..'],
    ['escaped dots', '/%2e%2e/secret.txt'],
    ['an escaped slash behind dots', '/..%2fsecret.txt'],
    ['escaped dots and slash', '/%2e%2e%2fsecret.txt'],
    ['a letter that is escaped twice', '/%73ub/file.txt'],
    ['a doubled slash at the beginning', '//a.txt'],
    ['a doubled slash inside', '/sub//file.txt'],
    ['a doubled slash at the end', '/sub//'],
    ['an absolute path', '//etc/passwd'],
    ['a backslash', '/sub\\file.txt'],
    ['a backslash behind dots', '/..\\secret.txt'],
    ['dots between backslashes', '/sub\\..\\..\\secret.txt'],
    ['NUL', '/a.txt\0.png'],
    ['half a surrogate pair', '/\ud800.txt'],
    ['a name that is too long', `/${'a'.repeat(300)}.txt`],
    ['a path that is too long', `/${'a/'.repeat(5000)}a.txt`],
    ['a dot file', '/.hidden'],
    ['a dot file below', '/sub/.env'],
    ['a file in a dot directory', '/.git/config'],
    ['a file that begins with two dots', '/..a.txt'],
    ['a dot file in the well-known location', '/.well-known/.x'],
    ['a dot directory in the well-known location', '/.well-known/y/.z/x'],
    ['a well-known location that is not at the root', '/sub/.well-known/x.txt'],
    ['a trailing dot', '/a.txt.'],
    ['a trailing blank', '/a.txt '],
  ])('for %s', async (_, path) => {
    expect(await files.getFileInfoAsync(path)).toBeUndefined()
  })
})

describe('what is no ordinary file', () => {
  const special = temporaryFolder({ 'outside/a.txt': 'outside', 'root/a.txt': 'a' })
  const below = join(special, 'root')
  symlinkSync(join(special, 'outside/a.txt'), join(below, 'link.txt'))
  symlinkSync(join(special, 'outside'), join(below, 'linked'))
  symlinkSync(join(below, 'circle.txt'), join(below, 'circle.txt'))
  symlinkSync(join(below, 'gone.txt'), join(below, 'dangling.txt'))
  execFileSync('mkfifo', [join(below, 'pipe.txt')])
  const provider = new PhysicalFileProvider(below)

  it('is found through a symbolic link to a file', async () => {
    expect((await provider.getFileInfoAsync('/link.txt'))?.length).toBe(7)
  })

  it('is found through a symbolic link to a directory', async () => {
    expect((await provider.getFileInfoAsync('/linked/a.txt'))?.length).toBe(7)
  })

  it.each([['/circle.txt'], ['/dangling.txt'], ['/pipe.txt']])('is not found: %s', async path => {
    expect(await provider.getFileInfoAsync(path)).toBeUndefined()
  })

  it('is listed when it can be got', async () => {
    const contents = await provider.getDirectoryContentsAsync('/')
    expect(contents!.map(({ name, isDirectory }) => [name, isDirectory]).sort()).toEqual([
      ['a.txt', false],
      ['link.txt', false],
      ['linked', true],
    ])
  })
})

describe('a directory', () => {
  it.each([
    ['the root', '/', true],
    ['the root without its slash', '', true],
    ['a directory with its slash', '/sub/', true],
    ['a directory without its slash', '/sub', true],
    ['a file', '/a.txt', false],
    ['a missing directory', '/none/', false],
    ['a dot directory', '/.git/', false],
    ['a parent', '/..', false],
    ['a doubled slash', '/sub//', false],
  ])('%s', async (_, path, exists) => {
    expect(await files.directoryExistsAsync(path)).toBe(exists)
    expect((await files.getDirectoryContentsAsync(path)) !== undefined).toBe(exists)
  })

  it('lists files and directories, but no dot files', async () => {
    const contents = await files.getDirectoryContentsAsync('/sub')
    expect(contents).toMatchObject([{ name: 'file.txt', length: 6, isDirectory: false, physicalPath: join(root, 'sub/file.txt') }])
  })

  it('lists what has odd names', async () => {
    const names = (await files.getDirectoryContentsAsync('/'))!.map(({ name }) => name)
    expect(names.sort()).toEqual([
      '%61.txt',
      '100%.txt',
      '50%25.txt',
      'a...txt',
      'a..txt',
      'a.txt',
      'sub',
      'sub%2Ffile.txt',
      'é ü#?;+&.txt',
    ])
  })

  it('may itself lie below a dot directory', async () => {
    mkdirSync(join(folder, '.cache/www'), { recursive: true })
    expect(await new PhysicalFileProvider(join(folder, '.cache/www')).directoryExistsAsync('/')).toBe(true)
  })
})

describe('the constructor', () => {
  it('refuses a path that is not absolute', () => {
    expect(() => new PhysicalFileProvider('wwwroot')).toThrow(ArgumentException)
    expect(() => new PhysicalFileProvider('wwwroot')).toThrow('takes an absolute path, not "wwwroot"')
  })

  it.each([
    ['a directory that does not exist', join(folder, 'none')],
    ['a file', join(folder, 'secret.txt')],
  ])('refuses %s', (_, path) => {
    expect(() => new PhysicalFileProvider(path)).toThrow(IOException)
  })

  it('drops a slash at the end of the root', () => {
    expect(new PhysicalFileProvider(`${root}/`).root).toBe(root)
  })
})
