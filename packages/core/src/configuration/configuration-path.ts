const keyDelimiter = ':'

/**
 * Builds and splits the paths of configuration keys: `Logging:LogLevel:Default`.
 * (.NET: ConfigurationPath)
 */
export const ConfigurationPath: {
  /** What stands between the segments of a path: `:`. */
  readonly keyDelimiter: ':'
  /** Joins segments: `combine('Logging', 'LogLevel')` is `Logging:LogLevel`. */
  combine(...segments: readonly string[]): string
  /** The last segment of a path; the path itself when it has only one. */
  getSectionKey(path: string): string
  /** The path without its last segment; undefined when it has only one. */
  getParentPath(path: string): string | undefined
} = {
  keyDelimiter,

  combine: (...segments) => segments.join(keyDelimiter),

  getSectionKey: path => path.slice(path.lastIndexOf(keyDelimiter) + 1),

  getParentPath(path) {
    const last = path.lastIndexOf(keyDelimiter)
    return last === -1 ? undefined : path.slice(0, last)
  },
}
