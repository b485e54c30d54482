// NestJS on Fastify. Decorators are called as functions here, so that the script needs no compiler.
import 'reflect-metadata'
import { Body, Controller, Get, Header, HttpCode, Module, Post } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { decorate } from '../decorate.mjs'
import { greeting, ready, record } from './contract.mjs'

class AppController {
  hello() {
    return greeting
  }
  json() {
    return record()
  }
  echo(body) {
    return body
  }
}
const text = Header('Content-Type', 'text/plain; charset=utf-8')
decorate(AppController.prototype, 'hello', Get(['hello', 'five']), text)
decorate(AppController.prototype, 'json', Get('json'))
decorate(AppController.prototype, 'echo', Post('echo'), HttpCode(200))
Body()(AppController.prototype, 'echo', 0)
Reflect.defineMetadata('design:paramtypes', [Object], AppController.prototype, 'echo')
Controller()(AppController)

class AppModule {
  configure(consumer) {
    if (process.env.WORK === 'five') for (let i = 0; i < 5; i++) consumer.apply((_request, _response, next) => next()).forRoutes('*path')
  }
}
Module({ controllers: [AppController] })(AppModule)

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false })
await app.listen(0, '127.0.0.1')
ready(app.getHttpServer().address().port)
