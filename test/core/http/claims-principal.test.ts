import { ClaimsIdentity, ClaimsPrincipal } from '@windhover/core'
import { describe, expect, it } from 'vitest'

describe('ClaimsPrincipal', () => {
  const anonymous = new ClaimsIdentity()
  const ada = new ClaimsIdentity(
    [
      { type: 'name', value: 'Ada' },
      { type: 'role', value: 'admin' },
    ],
    'test',
  )

  it('is anonymous without identities of its own', () => {
    const principal = new ClaimsPrincipal()
    expect([principal.identity?.isAuthenticated, principal.identity?.name, principal.claims.length]).toEqual([false, undefined, 0])
  })

  it('is known by its first authenticated identity', () => {
    expect(new ClaimsPrincipal([anonymous, ada]).identity).toBe(ada)
    expect(new ClaimsPrincipal([anonymous]).identity).toBe(anonymous)
    expect(new ClaimsPrincipal([]).identity).toBeUndefined()
  })

  it('has the claims and roles of all its identities', () => {
    const principal = new ClaimsPrincipal([ada, new ClaimsIdentity([{ type: 'role', value: 'guest' }], 'other')])
    expect([principal.isInRole('admin'), principal.isInRole('guest'), principal.isInRole('root')]).toEqual([true, true, false])
    expect([principal.hasClaim('name'), principal.hasClaim('name', 'Ada'), principal.hasClaim('name', 'Bob')]).toEqual([true, true, false])
    expect(principal.identity?.name).toBe('Ada')
  })

  it.each([undefined, ''])('is not authenticated by the authentication type %j', type => {
    expect(new ClaimsIdentity([], type).isAuthenticated).toBe(false)
  })
})
