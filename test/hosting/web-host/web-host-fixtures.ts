import { HostedService } from '@windhover/core'
import { type WebHost, WebHostBuilder } from '@windhover/hosting'
import { afterEach } from 'vitest'
import { FakeServer } from '../../support/fake-server.ts'

const hosts: WebHost[] = []

/** Builds a host that is disposed after the test. */
export function build(builder: WebHostBuilder): WebHost {
  const host = builder.build()
  hosts.push(host)
  return host
}

afterEach(async () => {
  for (const host of hosts.splice(0)) await host[Symbol.asyncDispose]()
})

/** A builder of a host that answers nothing and prints nothing. */
export function builderWith(server: FakeServer = new FakeServer()): WebHostBuilder {
  return new WebHostBuilder()
    .useServer(server)
    .suppressStatusMessages()
    .configure(() => {})
}

/** A hosted service that counts its calls. */
export class CountingService extends HostedService implements Disposable {
  startCalls = 0
  stopCalls = 0
  disposeCalls = 0
  onStart: () => void = () => {}
  onStop: () => void = () => {}

  startAsync(): void {
    this.startCalls++
    this.onStart()
  }

  stopAsync(): void {
    this.stopCalls++
    this.onStop()
  }

  [Symbol.dispose](): void {
    this.disposeCalls++
  }
}
