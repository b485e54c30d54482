import { beforeEach, expect, it, vi } from 'vitest'

const copyKey = Symbol.for('windhover.core.copy')

beforeEach(() => {
  vi.resetModules()
})

it('refuses to load beside another copy of core, and names both', async () => {
  const { [copyKey]: own } = globalThis as { [copyKey]?: string }
  const other = new URL('node_modules/elsewhere/core/', 'file:///app/').href
  Object.assign(globalThis, { [copyKey]: other })
  try {
    await expect(import('@windhover/core')).rejects.toThrow(
      expect.objectContaining({ code: 'WINDHOVER_ERR_LOADED_TWICE', message: expect.stringMatching(/elsewhere.*core/) }),
    )
  } finally {
    Object.assign(globalThis, { [copyKey]: own })
  }
})

it('lets the same copy be loaded again, as a watching test runner does', async () => {
  const first = await import('@windhover/core')
  vi.resetModules()
  const second = await import('@windhover/core')
  expect(second.ServiceProvider).not.toBe(first.ServiceProvider)
})
