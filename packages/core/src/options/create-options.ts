import type { OptionsClass } from '../configuration/configuration-shape.ts'
import type { ServiceProvider } from '../dependency-injection/service-provider.ts'
import { coreErrors } from '../errors/core-errors.ts'
import { ConfigureOptions, PostConfigureOptions, ValidateOptions } from './options-steps.ts'

/**
 * Makes options: the defaults of the class, then everything that configures them, then everything that post-configures them, then the checks,
 * whose complaints come as one `OptionsValidationException`. (.NET: OptionsFactory)
 */
export function createOptions<T extends object>(provider: ServiceProvider, type: OptionsClass<T>, name: string): T {
  const options = new type()
  for (const step of provider.getServices(ConfigureOptions.of(type))) step.configure(options, name)
  for (const step of provider.getServices(PostConfigureOptions.of(type))) step.postConfigure(options, name)
  const failures = provider.getServices(ValidateOptions.of(type)).flatMap(step => step.validate(options, name))
  if (failures.length > 0) throw coreErrors.optionsInvalid(name, type.name, failures)
  return options
}
