import { BackgroundService, type HostedService } from '@windhover/core'

/** Starts a hosted service, and reports the error with which the work of a background service ends. */
export async function startHostedService(service: HostedService, signal: AbortSignal, workFailed: (error: unknown) => void): Promise<void> {
  await service.startAsync(signal)
  if (service instanceof BackgroundService) service.executeTask?.catch(workFailed)
}
