// NestJS on Fastify with a provider of request scope. Decorators are called as functions here, so that the script needs no compiler.
import 'reflect-metadata'
import { AsyncLocalStorage } from 'node:async_hooks'
import { Controller, Get, Header, Injectable, Module, Scope } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { decorate } from '../decorate.mjs'
import { Dependency, ready, Service, withAccessor } from './contract.mjs'

Reflect.defineMetadata('design:paramtypes', [Dependency], Service)
Injectable({ scope: Scope.REQUEST })(Service)
Injectable({ scope: Scope.REQUEST })(Dependency)

class PlainController {
  plain() {
    return '42'
  }
}
const text = Header('Content-Type', 'text/plain; charset=utf-8')
decorate(PlainController.prototype, 'plain', Get('plain'), text)
Controller()(PlainController)

class ScopedController {
  constructor(service) {
    this.service = service
  }
  scoped() {
    return String(this.service.answer())
  }
}
decorate(ScopedController.prototype, 'scoped', Get('scoped'), text)
Reflect.defineMetadata('design:paramtypes', [Service], ScopedController)
Controller()(ScopedController)

const current = new AsyncLocalStorage()
class AppModule {
  configure(consumer) {
    if (withAccessor) consumer.apply((request, _response, next) => current.run(request, next)).forRoutes('*path')
  }
}
Module({ controllers: [PlainController, ScopedController], providers: [Service, Dependency] })(AppModule)

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false })
await app.listen(0, '127.0.0.1')
ready(app.getHttpServer().address().port)
