import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigurationBuilder, type ConfigurationRoot } from '@windhover/hosting'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

describe('addJsonFile', () => {
  let folder: string
  let file: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'windhover-json-'))
    file = join(folder, 'appsettings.json')
  })

  afterEach(() => rmSync(folder, { recursive: true }))

  const changeOf = (configuration: ConfigurationRoot) =>
    new Promise<void>(resolve => {
      configuration.onChange(resolve)
    })

  it('reads a path that begins at the base path of the moment of building', () => {
    writeFileSync(file, '{"a":1}')
    const builder = new ConfigurationBuilder().addJsonFile('appsettings.json').setBasePath(folder)
    expect(builder.build().get('a')).toBe('1')
  })

  it('raises an IO error that names a missing file', () => {
    expect(() => new ConfigurationBuilder().addJsonFile(file).build()).toThrowError(
      expect.objectContaining({ name: 'IOException', message: expect.stringContaining(file) }),
    )
  })

  it('takes a missing file for empty when it is optional', () => {
    expect(new ConfigurationBuilder().addJsonFile(file, { optional: true }).build().getChildren()).toEqual([])
  })

  it('raises an IO error for an optional file that is there but cannot be read', () => {
    expect(() => new ConfigurationBuilder().addJsonFile(folder, { optional: true }).build()).toThrowError(/cannot be read/)
  })

  it('raises an invalid-data error that names the file and the place of bad JSON', () => {
    writeFileSync(file, '{"a":\n}')
    expect(() => new ConfigurationBuilder().addJsonFile(file).build()).toThrowError(
      expect.objectContaining({ name: 'InvalidDataException', message: expect.stringMatching(/appsettings\.json.*line 2, column 1/) }),
    )
  })

  it('reads the file again when it is written', async () => {
    writeFileSync(file, '{"a":1}')
    using configuration = new ConfigurationBuilder().addJsonFile(file, { reloadOnChange: true, reloadDelay: 1 }).build()
    const changed = changeOf(configuration)
    writeFileSync(file, '{"a":2}')
    await changed
    expect(configuration.get('a')).toBe('2')
  })

  it('reads the file again when another one takes its place', async () => {
    writeFileSync(file, '{"a":1}')
    using configuration = new ConfigurationBuilder().addJsonFile(file, { reloadOnChange: true, reloadDelay: 1 }).build()
    const changed = changeOf(configuration)
    writeFileSync(`${file}.new`, '{"a":2}')
    renameSync(`${file}.new`, file)
    await changed
    expect(configuration.get('a')).toBe('2')
  })

  it('reads an optional file that appears later', async () => {
    using configuration = new ConfigurationBuilder().addJsonFile(file, { optional: true, reloadOnChange: true, reloadDelay: 1 }).build()
    const changed = changeOf(configuration)
    writeFileSync(file, '{"a":2}')
    await changed
    expect(configuration.get('a')).toBe('2')
  })

  it('keeps what it had and tells the error when the new text is bad', async () => {
    writeFileSync(file, '{"a":1}')
    let told: (error: unknown) => void = () => {}
    const error = new Promise(resolve => {
      told = resolve
    })
    using configuration = new ConfigurationBuilder()
      .addJsonFile(file, { reloadOnChange: true, reloadDelay: 1, onLoadException: told })
      .build()
    writeFileSync(file, '{"a":')
    expect(await error).toMatchObject({ code: 'WINDHOVER_ERR_CONFIGURATION_FILE_INVALID' })
    expect(configuration.get('a')).toBe('1')
  })

  it('stops watching when the configuration is disposed', async () => {
    writeFileSync(file, '{"a":1}')
    const watching = () => new ConfigurationBuilder().addJsonFile(file, { reloadOnChange: true, reloadDelay: 1 }).build()
    let calls = 0
    const disposed = watching()
    disposed.onChange(() => calls++)
    disposed.providers[0]!.onChange(() => calls++)
    using other = watching()
    const changed = changeOf(other)
    disposed[Symbol.dispose]()
    writeFileSync(file, '{"a":2}')
    await changed
    expect(calls).toBe(0)
  })
})
