import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const conditions = ['@windhover/source', 'module', 'node', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    pool: 'forks',
    // Vitest leaves one core free, which on a machine of two is half of it; much of the time is spent in waiting.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
})
