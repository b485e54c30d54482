import type { ApplicationBuilder, Predicate } from './application-builder.ts'
import type { MiddlewareComponent } from './request-delegate.ts'

export function useWhenComponent(predicate: Predicate, branch: ApplicationBuilder): MiddlewareComponent {
  return next => {
    const rejoining = branch.build(next)
    return function useWhenMiddleware(context) {
      return predicate(context) ? rejoining(context) : next(context)
    }
  }
}
