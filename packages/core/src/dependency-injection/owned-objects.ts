import { coreErrors } from '../errors/core-errors.ts'

const nothingLeft: Promise<void> = Promise.resolve()

/** Whether the container disposes this object. */
export function isDisposable(value: unknown): value is Disposable | AsyncDisposable {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return false
  return disposesSync(value) || disposesAsync(value)
}

/**
 * The disposable objects that one scope made. They are disposed in reverse order of creation, each once; one that throws does not keep
 * the others from being disposed (.NET stops there). A single error is thrown as it is, several as an aggregate error.
 */
export class OwnedObjects {
  readonly #objects: object[] = []
  #disposal: Promise<void> | undefined

  add(object: object): void {
    this.#objects.push(object)
  }

  /** Stops with an error at an object that can only be disposed asynchronously: it and the older ones are left to `disposeAsync`. */
  dispose(): void {
    if (this.#disposal !== undefined) return
    const errors: unknown[] = []
    for (let object = this.#objects.at(-1); object !== undefined; object = this.#objects.at(-1)) {
      if (!disposesSync(object)) {
        errors.push(coreErrors.asyncDisposeOnly(object.constructor?.name || 'An object'))
        break
      }
      this.#objects.pop()
      try {
        object[Symbol.dispose]()
      } catch (error) {
        errors.push(error)
      }
    }
    throwCollected(errors)
  }

  /** Called again before it has ended, it returns the same promise. */
  disposeAsync(): Promise<void> {
    if (this.#disposal !== undefined) return this.#disposal
    if (this.#objects.length === 0) return nothingLeft
    const disposal = this.#disposeRest()
    const ended = () => {
      this.#disposal = undefined
    }
    this.#disposal = disposal
    disposal.then(ended, ended)
    return disposal
  }

  async #disposeRest(): Promise<void> {
    const errors: unknown[] = []
    for (let object = this.#objects.pop(); object !== undefined; object = this.#objects.pop()) {
      try {
        if (disposesAsync(object)) await object[Symbol.asyncDispose]()
        else (object as Disposable)[Symbol.dispose]()
      } catch (error) {
        errors.push(error)
      }
    }
    throwCollected(errors)
  }
}

function disposesSync(object: object): object is Disposable {
  return typeof (object as Partial<Disposable>)[Symbol.dispose] === 'function'
}

function disposesAsync(object: object): object is AsyncDisposable {
  return typeof (object as Partial<AsyncDisposable>)[Symbol.asyncDispose] === 'function'
}

function throwCollected(errors: readonly unknown[]): void {
  if (errors.length === 1) throw errors[0]
  if (errors.length > 1) throw coreErrors.disposeFailed(errors)
}
