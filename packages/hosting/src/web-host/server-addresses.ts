import { type Configuration, type FeatureCollection, type Logger, ServerAddressesFeature } from '@windhover/core'
import { WebHostDefaults } from './web-host-defaults.ts'
import { isTrue } from './web-host-options.ts'

/** The key that ASP.NET Core 1 had for `urls`. */
const legacyUrls = 'server.urls'

/** Tells the server of the classic host where to listen, unless it was told already. */
export function addUrls(features: FeatureCollection, configuration: Configuration): void {
  const feature = features.get(ServerAddressesFeature)
  if (feature === undefined || feature.addresses.length > 0) return
  const urls = parts(configuration.get(WebHostDefaults.Urls) || configuration.get(legacyUrls))
  if (urls.length === 0) return
  feature.preferHostingUrls = isTrue(configuration.get(WebHostDefaults.PreferHostingUrls))
  feature.addresses.push(...urls)
}

/** The same for the generic host, which also knows `http_ports` and `https_ports`; `urls` wins over both. */
export function addUrlsOrPorts(features: FeatureCollection, configuration: Configuration, logger: Logger): void {
  const feature = features.get(ServerAddressesFeature)
  if (feature === undefined || feature.addresses.length > 0) return
  feature.preferHostingUrls = isTrue(configuration.get(WebHostDefaults.PreferHostingUrls))
  const urls = configuration.get(WebHostDefaults.Urls) ?? ''
  const httpPorts = configuration.get(WebHostDefaults.HttpPorts) ?? ''
  const httpsPorts = configuration.get(WebHostDefaults.HttpsPorts) ?? ''
  if (urls === '') {
    feature.addresses.push(...portUrls('http', httpPorts), ...portUrls('https', httpsPorts))
    return
  }
  if (httpPorts !== '' || httpsPorts !== '') {
    logger.logWarning(
      15,
      "Overriding HTTP_PORTS '{HttpPorts}' and HTTPS_PORTS '{HttpsPorts}'. Binding to values defined by URLS instead '{Urls}'.",
      httpPorts,
      httpsPorts,
      urls,
    )
  }
  feature.addresses.push(...parts(urls))
}

function portUrls(scheme: string, ports: string): string[] {
  return parts(ports)
    .map(port => port.trim())
    .filter(port => port !== '')
    .map(port => `${scheme}://*:${port}`)
}

function parts(list: string | undefined): string[] {
  return (list ?? '').split(';').filter(part => part !== '')
}
