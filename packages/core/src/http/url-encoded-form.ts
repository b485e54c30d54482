import type { Readable } from 'node:stream'
import { coreErrors } from '../errors/core-errors.ts'
import { createDecoder } from './body-text.ts'
import type { FormOptions } from './form-options.ts'
import { decodePair } from './query-collection.ts'

/** Whoever passes a text on to a program in C must not see it end early. */
function hasNull(text: string): boolean {
  return text.includes('\0')
}

/** Reads `application/x-www-form-urlencoded`, keeping no more of the body than the pair that is being read. */
export async function readUrlEncodedForm(body: Readable, charset: string, options: FormOptions): Promise<[string, string][]> {
  const { keyLengthLimit, valueLengthLimit, valueCountLimit } = options
  const decoder = createDecoder(charset)
  const pairs: [string, string][] = []
  let pending = ''

  const take = (pair: string): void => {
    if (pair === '') return
    const equals = pair.indexOf('=')
    const keyLength = equals < 0 ? pair.length : equals
    if (keyLength > keyLengthLimit) throw coreErrors.formLimit('keyLengthLimit', keyLengthLimit)
    if (pair.length - keyLength - 1 > valueLengthLimit) throw coreErrors.formLimit('valueLengthLimit', valueLengthLimit)
    if (pairs.length === valueCountLimit) throw coreErrors.formLimit('valueCountLimit', valueCountLimit)
    const decoded = decodePair(pair)
    if (decoded.some(hasNull)) throw coreErrors.formData('A form that is URL-encoded has an encoded null character.')
    pairs.push(decoded)
  }

  for await (const chunk of body) {
    const text = decoder.decode(chunk as Uint8Array, { stream: true })
    let start = 0
    for (let end = text.indexOf('&'); end >= 0; end = text.indexOf('&', start)) {
      take(pending + text.slice(start, end))
      pending = ''
      start = end + 1
    }
    pending += text.slice(start)
    // `take` names the limit that is broken; waiting for the end of the pair would keep what the limits forbid.
    if (pending.length > keyLengthLimit + 1 + valueLengthLimit) take(pending)
  }
  take(pending + decoder.decode())
  return pairs
}
