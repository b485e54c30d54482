/** The names of the environments that the framework knows. (.NET: Environments) */
export const Environments = {
  Development: 'Development',
  Staging: 'Staging',
  Production: 'Production',
} as const
