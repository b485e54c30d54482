import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')

/** Runs a full garbage collection, so that what a test reads of its memory is what is held, on any version of V8. */
export const collectGarbage = runInNewContext('gc') as () => void
