import type { RequestDelegate } from '../pipeline/request-delegate.ts'

/** Something that can answer a request and was chosen for it, for example by a router. (ASP.NET Core: Endpoint) */
export class Endpoint {
  readonly requestDelegate: RequestDelegate | undefined
  readonly metadata: readonly unknown[]
  readonly displayName: string | undefined

  constructor(requestDelegate: RequestDelegate | undefined, metadata: readonly unknown[] = [], displayName?: string) {
    this.requestDelegate = requestDelegate
    this.metadata = metadata
    this.displayName = displayName
  }

  toString(): string {
    return this.displayName ?? 'Endpoint'
  }
}
