/** One statement about a user, such as a name or a role. (.NET: Claim) */
export interface Claim {
  readonly type: string
  readonly value: string
}

/** Who somebody is, and by which method that was found out. (.NET: ClaimsIdentity) */
export class ClaimsIdentity {
  readonly claims: readonly Claim[]
  /** Undefined for somebody who is not authenticated. */
  readonly authenticationType: string | undefined

  constructor(claims: readonly Claim[] = [], authenticationType?: string) {
    this.claims = claims
    this.authenticationType = authenticationType
  }

  get isAuthenticated(): boolean {
    return this.authenticationType !== undefined && this.authenticationType !== ''
  }

  /** The value of the claim `name`; undefined when there is none. */
  get name(): string | undefined {
    return this.claims.find(claim => claim.type === 'name')?.value
  }
}

/** The user of a request, with one or more identities. An anonymous user has one that is not authenticated. (.NET: ClaimsPrincipal) */
export class ClaimsPrincipal {
  readonly identities: readonly ClaimsIdentity[]

  constructor(identities: ClaimsIdentity | readonly ClaimsIdentity[] = new ClaimsIdentity()) {
    this.identities = identities instanceof ClaimsIdentity ? [identities] : identities
  }

  /** The first authenticated identity, else the first. */
  get identity(): ClaimsIdentity | undefined {
    return this.identities.find(identity => identity.isAuthenticated) ?? this.identities[0]
  }

  get claims(): readonly Claim[] {
    return this.identities.flatMap(identity => identity.claims)
  }

  hasClaim(type: string, value?: string): boolean {
    return this.claims.some(claim => claim.type === type && (value === undefined || claim.value === value))
  }

  isInRole(role: string): boolean {
    return this.hasClaim('role', role)
  }
}
