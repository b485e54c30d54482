/** How long a service lives. (.NET: ServiceLifetime) */
export const ServiceLifetime = {
  /** One object for the application, made by the root provider, also when a scope asks first. */
  Singleton: 'singleton',
  /** One object for each scope. */
  Scoped: 'scoped',
  /** A new object each time. */
  Transient: 'transient',
} as const

export type ServiceLifetime = (typeof ServiceLifetime)[keyof typeof ServiceLifetime]
