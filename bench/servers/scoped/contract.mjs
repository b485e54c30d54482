// /plain answers a number; /scoped answers a number of a service that lives as long as the request and has one dependency, which
// does so too. ACCESSOR=yes: the request is kept in AsyncLocalStorage, so that any code can ask for it.
export const withAccessor = process.env.ACCESSOR === 'yes'
export const ready = port => console.log(JSON.stringify({ port }))

export class Dependency {
  number = 42
}

export class Service {
  constructor(dependency) {
    this.dependency = dependency
  }
  answer() {
    return this.dependency.number
  }
}
