import { coreErrors } from '../errors/core-errors.ts'
import type { ServiceDescriptor } from './service-descriptor.ts'
import type { ServiceIdentifier } from './service-token.ts'

/** A list of registrations in the order in which they were made. */
export class ServiceDescriptorList implements Iterable<ServiceDescriptor> {
  #descriptors: ServiceDescriptor[] = []
  #isReadOnly = false

  get count(): number {
    return this.#descriptors.length
  }

  get isReadOnly(): boolean {
    return this.#isReadOnly
  }

  [Symbol.iterator](): Iterator<ServiceDescriptor> {
    return this.#descriptors.values()
  }

  add(descriptor: ServiceDescriptor): this {
    this.#changeable().push(descriptor)
    return this
  }

  /** Removes one registration; false when it is not in the list. */
  remove(descriptor: ServiceDescriptor): boolean {
    const index = this.#changeable().indexOf(descriptor)
    if (index >= 0) this.#descriptors.splice(index, 1)
    return index >= 0
  }

  /** Adds the registration unless its service, with its key, has one. */
  tryAdd(descriptor: ServiceDescriptor): this {
    const known = this.#changeable().some(other => isSameService(other, descriptor.identifier, descriptor.key))
    return known ? this : this.add(descriptor)
  }

  /**
   * Adds each registration unless its service, with its key, is already made by the same class, whatever the lifetime. One whose class
   * cannot be told from the service (a factory, a plain object, the service itself) is an argument error.
   */
  tryAddEnumerable(...descriptors: readonly ServiceDescriptor[]): this {
    for (const descriptor of descriptors) {
      const type = implementationClass(descriptor)
      if (type === undefined || type === Object || type === descriptor.identifier)
        throw coreErrors.implementationIndistinguishable(String(descriptor))
      const known = this.#changeable().some(
        other => isSameService(other, descriptor.identifier, descriptor.key) && implementationClass(other) === type,
      )
      if (!known) this.add(descriptor)
    }
    return this
  }

  /** Removes the first registration of the service with that key, and adds this one at the end. */
  replace(descriptor: ServiceDescriptor): this {
    const first = this.#changeable().find(other => isSameService(other, descriptor.identifier, descriptor.key))
    if (first !== undefined) this.remove(first)
    return this.add(descriptor)
  }

  /** Removes all registrations of the service without a key. */
  removeAll(identifier: ServiceIdentifier): this {
    return this.removeAllKeyed(identifier, undefined)
  }

  /** Removes all registrations of the service with this key. */
  removeAllKeyed(identifier: ServiceIdentifier, key: unknown): this {
    this.#descriptors = this.#changeable().filter(descriptor => !isSameService(descriptor, identifier, key ?? undefined))
    return this
  }

  /** From now on every change is an invalid-operation error. The host does this when it has built its provider. */
  makeReadOnly(): void {
    this.#isReadOnly = true
  }

  #changeable(): ServiceDescriptor[] {
    if (this.#isReadOnly) throw coreErrors.servicesReadOnly()
    return this.#descriptors
  }
}

function isSameService(descriptor: ServiceDescriptor, identifier: ServiceIdentifier, key: unknown): boolean {
  return descriptor.identifier === identifier && descriptor.key === key
}

function implementationClass({ implementationType, isInstance, implementationInstance }: ServiceDescriptor): unknown {
  if (implementationType !== undefined || !isInstance) return implementationType
  return implementationInstance === undefined || implementationInstance === null ? undefined : Object(implementationInstance).constructor
}
