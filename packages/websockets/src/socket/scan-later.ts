import { setImmediate } from 'node:timers'
/** What looks at bytes that nobody has received. */
export interface Scanned {
  scan(): void
}

const unscanned: Scanned[] = []

/** All handlers that wait get their turn first; most of them receive what has arrived, and there is nothing left to look at. */
export function scanLater(socket: Scanned): void {
  if (unscanned.push(socket) === 1) setImmediate(scanAll)
}

function scanAll(): void {
  for (const socket of unscanned.splice(0)) socket.scan()
}
