import { createFeatureKey, type FeatureKey } from '@windhover/core'

/** On the context that `TestServer.sendAsync` resolves with: the whole response as a client has received it. */
export const TestResponseFeature: FeatureKey<Response> = createFeatureKey('TestResponseFeature')
