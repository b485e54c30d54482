import { BlockList, isIP, isIPv6 } from 'node:net'
import { hostingErrors } from '../errors/hosting-errors.ts'
import type { ForwardedHeadersOptions } from './forwarded-headers-options.ts'

/** The proxies that are believed. Raises an argument error for what is neither an address nor a network. */
export class KnownAddresses {
  readonly #list: BlockList = new BlockList()
  readonly #believesEverybody: boolean

  constructor({ knownProxies, knownNetworks }: ForwardedHeadersOptions) {
    this.#believesEverybody = knownProxies.length === 0 && knownNetworks.length === 0
    for (const address of knownProxies) {
      if (isIP(address) === 0) throw hostingErrors.knownProxyInvalid('knownProxies', address, 'an IP address, like "10.0.0.1"')
      this.#list.addAddress(address, familyOf(address))
    }
    for (const network of knownNetworks) this.#addNetwork(network)
  }

  /** A connection without an address, such as one over a socket file, is the machine's own. IPv4 counts also where it is written as IPv6 (`::ffff:10.0.0.1`). */
  has(address: string | undefined): boolean {
    return this.#believesEverybody || address === undefined || this.#list.check(address, familyOf(address))
  }

  #addNetwork(network: string): void {
    const [, address = '', length = ''] = /^([^/]+)\/(\d{1,3})$/.exec(network) ?? []
    if (isIP(address) === 0 || Number(length) > (isIPv6(address) ? 128 : 32))
      throw hostingErrors.knownProxyInvalid('knownNetworks', network, 'a network, like "10.0.0.0/8"')
    this.#list.addSubnet(address, Number(length), familyOf(address))
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}
