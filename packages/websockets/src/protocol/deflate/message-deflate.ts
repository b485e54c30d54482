import type { DeflateParameters } from '../ws-exports.ts'
import { MessageCompressor } from './message-compressor.ts'
import { MessageExpander } from './message-expander.ts'

/** permessage-deflate of one socket, in both directions. */
export class MessageDeflate {
  readonly compressor: MessageCompressor
  readonly expander: MessageExpander

  /** `maxMessageSize` limits what a message of the peer expands to. */
  constructor(parameters: DeflateParameters, maxMessageSize: number) {
    this.compressor = new MessageCompressor(parameters)
    this.expander = new MessageExpander(parameters, maxMessageSize)
  }

  /** Frees what both use. Callbacks that are outstanding are not called. */
  close(): void {
    this.compressor.close()
    this.expander.close()
  }
}
