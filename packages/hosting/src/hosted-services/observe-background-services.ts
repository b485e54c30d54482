import { BackgroundService, type HostedService } from '@windhover/core'

/** Reports the error with which the work of a background service ends. */
export function observeBackgroundServices(services: readonly HostedService[], failed: (error: unknown) => void): void {
  for (const service of services) {
    if (service instanceof BackgroundService) service.executeTask?.catch(failed)
  }
}
