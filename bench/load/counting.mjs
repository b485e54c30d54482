// How answers are counted: small ones in bytes, because every answer of one server has the same length; large and compressed ones by hopping from
// frame header to frame header, because a server may answer a large message in several frames.

/** Counts answers of one known length. Throws when a message does not begin where it must, so that a wrong count cannot go unnoticed. */
export function byteCounter(answerLength, firstByte) {
  let partial = 0
  return chunk => {
    if (partial === 0 && chunk[0] !== firstByte) throw new Error(`an answer begins with ${chunk[0]}, not ${firstByte}`)
    partial += chunk.length
    const complete = Math.floor(partial / answerLength)
    partial -= complete * answerLength
    return complete
  }
}

/** Counts final data frames of any length. */
export function frameCounter() {
  const header = Buffer.alloc(10)
  let headerBytes = 0
  let payloadLeft = 0
  return chunk => {
    let complete = 0
    let at = 0
    while (at < chunk.length) {
      if (payloadLeft > 0) {
        const taken = Math.min(payloadLeft, chunk.length - at)
        payloadLeft -= taken
        at += taken
        if (payloadLeft === 0 && isFinalData(header[0])) complete++
        continue
      }
      header[headerBytes++] = chunk[at++]
      const length = payloadLength(header, headerBytes)
      if (length === undefined) continue
      headerBytes = 0
      payloadLeft = length
      if (length === 0 && isFinalData(header[0])) complete++
    }
    return complete
  }
}

const isFinalData = first => (first & 0x80) !== 0 && (first & 0x08) === 0

function payloadLength(header, bytes) {
  if (bytes < 2) return undefined
  if (header[1] < 126) return header[1]
  if (header[1] === 126) return bytes < 4 ? undefined : header.readUInt16BE(2)
  return bytes < 10 ? undefined : Number(header.readBigUInt64BE(2))
}
