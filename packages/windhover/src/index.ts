/** Everything that an application needs. `export *`, because augmented classes keep their added members only so. */
export * from '@windhover/core'
export * from '@windhover/hosting'
export * from '@windhover/static-files'
export * from '@windhover/websockets'
