import { WebSocketLimits } from '../options/web-socket-limits.ts'
import type { DeflateParameters } from '../protocol/ws-exports.ts'

const extensionName = 'permessage-deflate'
/** Base 2 logarithms; zlib cannot make the window of 8 bits that RFC 7692 allows as well. */
export const smallestWindow = 9
export const largestWindow = 15

/** What was agreed on, as parameters for zlib and as the value of `Sec-WebSocket-Extensions`. */
export interface NegotiatedDeflate {
  readonly parameters: DeflateParameters
  readonly header: string
}

export interface DeflateSettings {
  readonly serverContextTakeover: boolean
  readonly serverMaxWindowBits: number
}

/** Chooses the first offer of permessage-deflate that can be met (RFC 7692 section 7), by the rules of ASP.NET Core. Undefined when there is none. */
export function negotiateDeflate(offers: readonly string[], settings: DeflateSettings): NegotiatedDeflate | undefined {
  for (const offer of offers.slice(0, WebSocketLimits.extensionOffers)) {
    const agreed = offer.startsWith(extensionName) ? acceptOffer(offer, settings) : undefined
    if (agreed !== undefined) return agreed
  }
  return undefined
}

/** Undefined declines the offer: a parameter repeats, or its value cannot be met. Unknown parameters are ignored. */
function acceptOffer(offer: string, settings: DeflateSettings): NegotiatedDeflate | undefined {
  const seen = new Set<string>()
  const response = [extensionName]
  let clientTakeover = true
  let clientBits = largestWindow
  let serverTakeover = settings.serverContextTakeover
  let serverBits: number | undefined

  for (const part of offer.split(';').slice(1)) {
    const parameter = part.trim()
    const name = parameterName(parameter)
    if (name === undefined) continue
    if (seen.has(name)) return undefined
    seen.add(name)
    if (name === 'client_no_context_takeover') {
      clientTakeover = false
      response.push(name)
    } else if (name === 'server_no_context_takeover') {
      serverTakeover = false
    } else {
      const bits = windowBits(parameter.slice(name.length))
      if (bits === undefined) return undefined
      if (name === 'client_max_window_bits') {
        clientBits = bits
        response.push(`${name}=${bits}`)
      } else serverBits = bits
    }
  }

  const bits = Math.min(serverBits ?? largestWindow, settings.serverMaxWindowBits)
  if (!serverTakeover) response.push('server_no_context_takeover')
  if (serverBits !== undefined || bits !== largestWindow) response.push(`server_max_window_bits=${bits}`)
  const parameters = {
    client_max_window_bits: clientBits,
    server_max_window_bits: bits,
    ...(clientTakeover ? {} : { client_no_context_takeover: true as const }),
    ...(serverTakeover ? {} : { server_no_context_takeover: true as const }),
  }
  return { parameters, header: response.join('; ') }
}

const flags = ['client_no_context_takeover', 'server_no_context_takeover']
const windows = ['client_max_window_bits', 'server_max_window_bits']

/** A flag is known only without a value, a window with or without one. */
function parameterName(parameter: string): string | undefined {
  return flags.find(name => name === parameter) ?? windows.find(name => parameter.startsWith(name))
}

/** `rest` is what follows the name: nothing, `=10` or `="10"`, with blanks where a list may have them. zlib cannot make a window of 8 bits. */
function windowBits(rest: string): number | undefined {
  if (rest === '') return largestWindow
  const value = /^\s*=\s*(?:(\d{1,2})|"\s*(\d{1,2})\s*")$/.exec(rest)
  if (value === null) return undefined
  const bits = Number(value[1] ?? value[2])
  return bits >= smallestWindow && bits <= largestWindow ? bits : undefined
}
