import { resolve } from 'node:path'
import type { Configuration } from '@windhover/core'
import { ChainedConfigurationProvider } from './chained-configuration-provider.ts'
import { CommandLineConfigurationProvider, type SwitchMappings } from './command-line-configuration-provider.ts'
import { ConfigurationRoot } from './configuration-root.ts'
import type { ConfigurationSource } from './configuration-source.ts'
import { EnvironmentVariablesConfigurationProvider } from './environment-variables-configuration-provider.ts'
import { JsonFileConfigurationProvider, type JsonFileOptions } from './json-file-configuration-provider.ts'
import { JsonStreamConfigurationProvider } from './json-stream-configuration-provider.ts'
import { type InMemoryCollection, MemoryConfigurationProvider } from './memory-configuration-provider.ts'

/** Collects the sources of a configuration; of those that have a key the last one added wins. (.NET: ConfigurationBuilder) */
export class ConfigurationBuilder {
  readonly #sources: ConfigurationSource[] = []
  #basePath = process.cwd()

  get sources(): readonly ConfigurationSource[] {
    return this.#sources
  }

  /** Where relative paths of files begin. Default: the working directory. */
  get basePath(): string {
    return this.#basePath
  }

  setBasePath(basePath: string): this {
    this.#basePath = resolve(basePath)
    return this
  }

  add(source: ConfigurationSource): this {
    this.#sources.push(source)
    return this
  }

  /** Takes all sources away. (.NET: `Sources.Clear()`) */
  clearSources(): this {
    this.#sources.length = 0
    return this
  }

  addInMemoryCollection(initialData: InMemoryCollection = []): this {
    return this.add({ build: () => new MemoryConfigurationProvider(initialData) })
  }

  /** A JSON file; comments and trailing commas are allowed. The path begins at `basePath` as it is when the configuration is built. */
  addJsonFile(path: string, options?: JsonFileOptions): this {
    return this.add({ build: builder => new JsonFileConfigurationProvider(resolve(builder.basePath, path), options) })
  }

  /** JSON as text or bytes of UTF-8. */
  addJsonStream(content: string | Uint8Array): this {
    return this.add({ build: () => new JsonStreamConfigurationProvider(content) })
  }

  /**
   * The environment variables that begin with `prefix` (default: all), without it; `__` in a name stands for `:`.
   * `variables` default to those of the process, as they are at each load.
   */
  addEnvironmentVariables(prefix?: string, variables?: Readonly<Record<string, string | undefined>>): this {
    return this.add({ build: () => new EnvironmentVariablesConfigurationProvider(prefix, variables) })
  }

  /** The arguments of a command, without the program: `addCommandLine(process.argv.slice(2))`. */
  addCommandLine(args: readonly string[], switchMappings?: SwitchMappings): this {
    return this.add({ build: () => new CommandLineConfigurationProvider(args, switchMappings) })
  }

  /** Another configuration, read as it is at the moment. It is disposed with the one that is built only when `shouldDispose` is true. */
  addConfiguration(configuration: Configuration, shouldDispose?: boolean): this {
    return this.add({ build: () => new ChainedConfigurationProvider(configuration, shouldDispose) })
  }

  /** Loads every source, in order. Throws what a source throws. */
  build(): ConfigurationRoot {
    const providers = this.#sources.map(source => source.build(this))
    return new ConfigurationRoot(providers)
  }
}
