import { createFeatureKey, type FeatureKey } from '../features/feature-collection.ts'

/** Values of one visitor that outlive a request. (ASP.NET Core: ISession) */
export interface Session {
  readonly id: string
  readonly isAvailable: boolean
  get(key: string): Uint8Array | undefined
  set(key: string, value: Uint8Array): void
  delete(key: string): boolean
  clear(): void
  keys(): Iterable<string>
  loadAsync(signal?: AbortSignal): Promise<void>
  commitAsync(signal?: AbortSignal): Promise<void>
}

/** Offered by a session middleware. (ASP.NET Core: ISessionFeature) */
export interface SessionFeature {
  session: Session
}

export const SessionFeature: FeatureKey<SessionFeature> = createFeatureKey('SessionFeature')
