import { watch } from 'node:fs'
import { basename, dirname } from 'node:path'

/**
 * Calls back some time after a file may have changed, until disposed; keeps no process alive. The folder is watched, not the file: editors
 * replace files, and Kubernetes swaps the link `..data` beside them. A folder that does not exist is not watched.
 */
export function watchFile(path: string, delay: number, changed: () => void, failed: (error: unknown) => void): Disposable {
  const names = new Set([basename(path), '..data'])
  let timer: NodeJS.Timeout | undefined
  try {
    const watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
      if (name !== null && !names.has(name)) return
      clearTimeout(timer)
      timer = setTimeout(changed, delay).unref()
    })
    watcher.on('error', failed)
    return {
      [Symbol.dispose]() {
        clearTimeout(timer)
        watcher.close()
      },
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') failed(error)
    return { [Symbol.dispose]() {} }
  }
}
