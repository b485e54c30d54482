import type { OptionsClass } from '../configuration/configuration-shape.ts'
import { type ServiceResolver, ServiceToken } from '../dependency-injection/service-token.ts'

/** A family of tokens, one for each options class and always the same one: JavaScript has no `IOptions<T>` to ask for. */
export function tokenPerOptionsClass<Service>(
  name: string,
  resolverFor?: (type: OptionsClass) => ServiceResolver<Service>,
): (type: OptionsClass) => ServiceToken<Service> {
  const tokens = new WeakMap<OptionsClass, ServiceToken<Service>>()
  return type => {
    let token = tokens.get(type)
    if (token === undefined) {
      token = new ServiceToken(`${name}(${type.name})`, resolverFor?.(type))
      tokens.set(type, token)
    }
    return token
  }
}
