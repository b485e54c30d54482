import { createFeatureKey, type Endpoint, type FeatureKey } from '@windhover/core'

/** What went wrong, for the handler that `useExceptionHandler` runs. (ASP.NET Core: IExceptionHandlerPathFeature) */
export interface ExceptionHandlerFeature {
  readonly error: unknown
  /** The path of the request that failed; the handler may run under another one. */
  readonly path: string
  /** The endpoint that had been chosen for the request. */
  readonly endpoint: Endpoint | undefined
}

export const ExceptionHandlerFeature: FeatureKey<ExceptionHandlerFeature> = createFeatureKey('ExceptionHandlerFeature')
