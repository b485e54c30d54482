import { type ApplicationBuilder, type Constructor, HttpContextFactory, LogLevel, type ServiceCollection } from '@windhover/core'
import { type NodeServer, Server, type WebHost, WebHostBuilder } from '@windhover/hosting'
import type { Exchanges } from './exchanges/exchanges.ts'
import { CollectingLoggerProvider } from './logging/collecting-logger-provider.ts'
import { InMemoryServer } from './server/in-memory-server.ts'
import { TestHttpContextFactory } from './server/test-http-context-factory.ts'
import { wrapService } from './server/wrap-service.ts'
import type { ResolvedTestServerOptions } from './test-server-options.ts'

/** What a `TestServer` runs: a function that adds middleware, a `Startup` class, or a builder with everything that the application sets up itself. */
export type TestApplication = ((app: ApplicationBuilder) => Promise<void> | void) | Constructor<object> | WebHostBuilder

/** Builds the host of the application, whose server gets its connections from memory and whose logs are collected. */
export function buildTestHost(
  application: TestApplication,
  options: ResolvedTestServerOptions,
  exchanges: Exchanges,
  logs: CollectingLoggerProvider,
): WebHost {
  const builder = application instanceof WebHostBuilder ? application : createBuilder(application)
  if (options.environment !== undefined) builder.useEnvironment(options.environment)
  for (const [key, value] of options.settings) builder.useSetting(key, value)
  return builder
    .suppressStatusMessages()
    .useNodeServer({ listen: false })
    .configureLogging(logging => logging.addProvider(logs).addFilter(CollectingLoggerProvider, undefined, LogLevel.Trace))
    .configureTestServices(services => {
      options.configureTestServices?.(services)
      observe(services, exchanges)
    })
    .build()
}

/** Without a builder there is nothing but the application: no files, no console, a container that checks everything. */
function createBuilder(application: Exclude<TestApplication, WebHostBuilder>): WebHostBuilder {
  const builder = new WebHostBuilder()
    .useEnvironment('Development')
    .useDefaultServiceProvider({ validateScopes: true, validateOnBuild: true })
  return isClass(application) ? builder.useStartup(application) : builder.configure(app => application(app))
}

function isClass(application: Exclude<TestApplication, WebHostBuilder>): application is Constructor<object> {
  return /^class\b/.test(Function.prototype.toString.call(application))
}

function observe(services: ServiceCollection, exchanges: Exchanges): void {
  wrapService(services, Server, server => new InMemoryServer(server as NodeServer, exchanges))
  wrapService(services, HttpContextFactory, factory => new TestHttpContextFactory(factory, exchanges))
}
