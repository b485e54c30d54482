import { isUtf8 } from 'node:buffer'
import { WebSocketCloseStatus } from '@windhover/core'
import { webSocketsErrors } from '../errors/web-sockets-errors.ts'
import { protocolViolation } from './violation.ts'

const longestReason = 123
const noPayload: Buffer = Buffer.alloc(0)

/** What a close frame says. */
export interface CloseInfo {
  readonly status: WebSocketCloseStatus
  readonly description: string
}

/** Reads the payload of a close frame (RFC 6455 section 5.5.1). An empty one means 1005, which is never on the wire. Throws a `Violation`. */
export function parseClosePayload(payload: Buffer): CloseInfo {
  if (payload.length === 0) return { status: WebSocketCloseStatus.Empty, description: '' }
  if (payload.length === 1) throw protocolViolation('The peer sent a close frame with a payload of one byte.')
  const status = payload.readUInt16BE(0)
  if (!isStatusOnWire(status)) throw protocolViolation(`The peer sent a close frame with the status ${status}, which must not be sent.`)
  const reason = payload.subarray(2)
  if (!isUtf8(reason)) throw protocolViolation('The peer sent a close frame whose reason is not UTF-8.')
  return { status, description: reason.toString() }
}

/**
 * Makes the payload of a close frame. Throws an argument error for a status that must not be sent and for a reason of more than 123 bytes; 1005 makes an empty payload.
 */
export function closePayload(status: WebSocketCloseStatus, description: string | null | undefined): Buffer {
  if (status !== WebSocketCloseStatus.Empty && !isStatusOnWire(status)) throw webSocketsErrors.closeStatus(status)
  if (description !== null && description !== undefined && typeof description !== 'string')
    throw webSocketsErrors.closeDescriptionType(description)
  const reason = description ?? ''
  if (status === WebSocketCloseStatus.Empty) {
    if (reason !== '') throw webSocketsErrors.closeDescriptionWithoutStatus()
    return noPayload
  }
  const length = Buffer.byteLength(reason)
  if (length > longestReason) throw webSocketsErrors.closeDescriptionLength(length)
  const payload = Buffer.allocUnsafe(2 + length)
  payload.writeUInt16BE(status, 0)
  payload.write(reason, 2)
  return payload
}

/** RFC 6455 section 7.4 and the registry that it founded: the codes that a close frame may carry. */
function isStatusOnWire(status: number): boolean {
  if (!Number.isInteger(status)) return false
  if (status >= 3000) return status <= 4999
  return (status >= 1000 && status <= 1003) || (status >= 1007 && status <= 1014)
}
