export interface Scenario {
  readonly name: string
  /** The name of its file. */
  readonly topic: string
  readonly about: string
  readonly alone?: boolean
  readonly process?: object
  readonly transport?: 'http2'
}

export interface Recording {
  readonly client: unknown
  readonly server: unknown
}

export function runScenario(scenario: Scenario, server: { stop(): Promise<void> }): Promise<Recording>
export function runInOwnProcess(scenario: Scenario, command: string, sites: string): Promise<Recording>
