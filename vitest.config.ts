import { defineConfig } from 'vitest/config'

const conditions = ['@windhover/source', 'module', 'node', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: { include: ['test/**/*.test.ts'], testTimeout: 20_000, pool: 'forks' },
})
