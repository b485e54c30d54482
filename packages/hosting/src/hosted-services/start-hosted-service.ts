import { BackgroundService, type HostedService } from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'

/** Starts a hosted service, and reports the error with which the work of a background service ends. */
export async function startHostedService(service: HostedService, signal: AbortSignal, workFailed: (error: unknown) => void): Promise<void> {
  for (const name of ['startAsync', 'stopAsync'] as const) {
    if (typeof service[name] !== 'function') throw hostingErrors.hostedServiceMethodMissing(service.constructor.name, name)
  }
  await service.startAsync(signal)
  if (service instanceof BackgroundService) service.executeTask?.catch(workFailed)
}
