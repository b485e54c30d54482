/** The reason with which `runSideBySide` ends the other loops: a receive that it cancels leaves the socket alone, so that the connection can be closed in order. */
export class LoopEnded extends Error {
  constructor() {
    super('Another loop of this WebSocket has ended.')
  }
}
