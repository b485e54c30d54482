import { ApplicationBuilder, HostApplicationLifetime, LoggerFactory, NullLogger, Options, ServiceCollection } from '@windhover/core'
import { webSocketsErrors } from './errors/web-sockets-errors.ts'
import { WebSocketMiddleware } from './middleware/web-socket-middleware.ts'
import { freezeOptions, WebSocketOptions } from './options/web-socket-options.ts'

const category = 'Windhover.WebSockets.WebSocketMiddleware'

declare module '@windhover/core' {
  interface ApplicationBuilder {
    /**
     * Lets the middleware behind this one accept WebSockets. Without `options` those of `services.addWebSockets()` hold, otherwise these alone: the two are not merged.
     * Raises an argument error for what is no object, and an argument-out-of-range error for an option that makes no sense. (ASP.NET Core: UseWebSockets)
     */
    useWebSockets(options?: Partial<WebSocketOptions>): this
  }

  interface ServiceCollection {
    /** Configures the options that `app.useWebSockets()` takes when it is called without any. (ASP.NET Core: AddWebSockets) */
    addWebSockets(configure: (options: WebSocketOptions) => void): this
  }
}

ApplicationBuilder.prototype.useWebSockets = function useWebSockets(options) {
  if (options === null) throw webSocketsErrors.argumentNull('options', 'app.useWebSockets()')
  if (options !== undefined && typeof options !== 'object') throw webSocketsErrors.options(options)
  const own = options === undefined ? undefined : freezeOptions(options)
  const services = this.applicationServices
  return this.useComponent(next => {
    const logger = services.getService(LoggerFactory)?.createLogger(category) ?? NullLogger.instance
    const settings = own ?? freezeOptions(services.getRequiredService(Options.of(WebSocketOptions)).value)
    const middleware = new WebSocketMiddleware(next, settings, logger, services.getService(HostApplicationLifetime))
    return context => middleware.invokeAsync(context)
  })
}

ServiceCollection.prototype.addWebSockets = function addWebSockets(configure) {
  if (typeof configure !== 'function') throw webSocketsErrors.argumentNull('configure', 'services.addWebSockets()')
  return this.configure(WebSocketOptions, configure)
}
