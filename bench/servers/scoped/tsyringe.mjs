// Bare node:http and tsyringe's child container, made by hand for each request that needs it.
import 'reflect-metadata'
import { AsyncLocalStorage } from 'node:async_hooks'
import { createServer } from 'node:http'
import { container, injectable, Lifecycle } from 'tsyringe'
import { Dependency, ready, Service, withAccessor } from './contract.mjs'

Reflect.defineMetadata('design:paramtypes', [Dependency], Service)
injectable()(Service)
injectable()(Dependency)
container.register(Dependency, { useClass: Dependency }, { lifecycle: Lifecycle.ContainerScoped })
container.register(Service, { useClass: Service }, { lifecycle: Lifecycle.ContainerScoped })

const current = new AsyncLocalStorage()
const server = createServer((request, response) =>
  withAccessor ? current.run(request, handle, request, response) : handle(request, response),
)

async function handle(request, response) {
  const scope = request.url === '/scoped' ? container.createChildContainer() : undefined
  const body = String(scope === undefined ? 42 : scope.resolve(Service).answer())
  response.setHeader('Content-Type', 'text/plain; charset=utf-8')
  response.setHeader('Content-Length', body.length)
  response.end(body)
  await scope?.dispose()
}

server.listen(0, '127.0.0.1', () => ready(server.address().port))
