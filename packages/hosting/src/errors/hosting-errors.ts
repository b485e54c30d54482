import { ArgumentException, FormatException, InvalidDataException, InvalidOperationException, IOException } from '@windhover/core'

/**
 * Every error that hosting raises, by what went wrong: code, class and message in one place.
 * docs/reference/errors.md lists the same codes; a test compares the two.
 */
export const hostingErrors = {
  configurationWithoutSources: (key: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_CONFIGURATION_WITHOUT_SOURCES',
      `The configuration value "${key}" cannot be set: no source has been added. Add one, for example with addInMemoryCollection().`,
    ),

  configurationFileUnreadable: (path: string, cause: unknown): IOException =>
    new IOException(
      'WINDHOVER_ERR_CONFIGURATION_FILE_UNREADABLE',
      `The configuration file "${path}" cannot be read: ${(cause as Error).message}. A file that may be missing is added with { optional: true }.`,
      { cause },
    ),

  configurationFileInvalid: (path: string, cause: unknown): InvalidDataException =>
    new InvalidDataException(
      'WINDHOVER_ERR_CONFIGURATION_FILE_INVALID',
      `The configuration file "${path}" is no valid JSON: ${(cause as Error).message}`,
      { cause },
    ),

  jsonUnexpected: (expected: string, line: number, column: number, cause?: unknown): FormatException =>
    new FormatException('WINDHOVER_ERR_JSON', `Expected ${expected} at line ${line}, column ${column}.`, { cause }),

  jsonDuplicateKey: (path: string, line: number, column: number): FormatException =>
    new FormatException(
      'WINDHOVER_ERR_JSON_DUPLICATE_KEY',
      `The key "${path}" comes a second time at line ${line}, column ${column}. Keys ignore case.`,
    ),

  unmappedSwitch: (name: string): FormatException =>
    new FormatException(
      'WINDHOVER_ERR_UNMAPPED_SWITCH',
      `The argument "${name}" begins with one dash, but no switch mapping tells its key. Add a mapping, or write it with two dashes.`,
    ),

  switchWithoutDash: (name: string): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_SWITCH_WITHOUT_DASH',
      'switchMappings',
      `A switch begins with "-" or "--", but the mapping has "${name}".`,
    ),

  switchMappedTwice: (name: string): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_SWITCH_MAPPED_TWICE',
      'switchMappings',
      `The switch "${name}" is mapped twice. Switches ignore case.`,
    ),
}
