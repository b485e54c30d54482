import type { ServiceProvider } from '@windhover/core'

/** The container of an application need not be ours, so it need not be disposable. */
export async function disposeServices(services: ServiceProvider & Partial<AsyncDisposable & Disposable>): Promise<void> {
  if (Symbol.asyncDispose in services) await services[Symbol.asyncDispose]?.()
  else services[Symbol.dispose]?.()
}
