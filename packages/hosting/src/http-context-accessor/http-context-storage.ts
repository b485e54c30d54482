import { AsyncLocalStorage } from 'node:async_hooks'
import { type HttpContext, HttpContextAccessor } from '@windhover/core'

/** What work that was started for a request keeps, perhaps longer than the request lives. */
interface Holder {
  context: HttpContext | undefined
}

/** Keeps the context of each request for what is started on its behalf. (ASP.NET Core: HttpContextAccessor) */
export class HttpContextStorage extends HttpContextAccessor {
  readonly #storage = new AsyncLocalStorage<Holder>()

  override get httpContext(): HttpContext | undefined {
    return this.#storage.getStore()?.context
  }

  /** Calls `callback`, for which, and for what it starts, the context is there until its promise has settled. */
  run(context: HttpContext, callback: () => Promise<void> | void): Promise<void> {
    const holder: Holder = { context }
    return this.#storage.run(holder, async () => {
      try {
        await callback()
      } finally {
        holder.context = undefined
      }
    })
  }
}
