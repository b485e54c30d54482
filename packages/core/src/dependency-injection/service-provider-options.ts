/** How a provider checks its registrations. Hosts turn both on in Development. (.NET: ServiceProviderOptions) */
export interface ServiceProviderOptions {
  /** A scoped service asked from the root provider, or needed by a singleton, is an invalid-operation error. Default: false. */
  readonly validateScopes?: boolean
  /** `buildServiceProvider` checks every registration without making anything; factories are not looked into. Default: false. */
  readonly validateOnBuild?: boolean
}
