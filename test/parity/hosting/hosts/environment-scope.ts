/** Sets environment variables until disposed, by the names that ours have: `WINDHOVER_` in place of `ASPNETCORE_`. Those of the test runner do not count meanwhile. */
export class EnvironmentScope implements Disposable {
  readonly #before = new Map<string, string | undefined>()

  constructor(variables: Readonly<Record<string, string>> = {}) {
    this.#set('NODE_ENV', undefined)
    for (const [name, value] of Object.entries(variables)) this.#set(ourName(name), value)
  }

  [Symbol.dispose](): void {
    for (const [name, value] of this.#before) assign(name, value)
  }

  #set(name: string, value: string | undefined): void {
    this.#before.set(name, process.env[name])
    assign(name, value)
  }
}

export function ourName(variable: string): string {
  return variable.replace(/^ASPNETCORE_/, 'WINDHOVER_')
}

function assign(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name]
  else process.env[name] = value
}
