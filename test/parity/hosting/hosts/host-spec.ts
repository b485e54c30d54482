/** What a scripted part does, in order; the one property of each is the operation. */
export interface HostAction {
  readonly throw?: string
  readonly delay?: number
  readonly block?: number
  readonly trace?: string
  readonly waitForToken?: boolean | string
  readonly stopApplication?: true
  readonly exit?: number
}

export type Phase = 'starting' | 'start' | 'started' | 'stopping' | 'stop' | 'stopped'

export type PhaseScripts = Partial<Readonly<Record<Phase, readonly HostAction[]>>>

export interface ScriptedService extends PhaseScripts {
  readonly hosted?: string
  readonly lifecycle?: boolean
  readonly background?: string
  readonly execute?: readonly HostAction[]
  readonly disposable?: string
  readonly resolve?: string
  readonly startupFilter?: string
  readonly throws?: boolean
}

export interface LifetimeCallback {
  readonly started?: string
  readonly stopping?: string
  readonly stopped?: string
  readonly do?: readonly HostAction[]
}

interface ServicesSpec {
  readonly services?: readonly ScriptedService[]
}

/** A host described by data; see the README of the recordings. */
export interface HostSpec extends ServicesSpec {
  readonly host: 'webApplication' | 'generic' | 'webHost'
  readonly args?: readonly string[]
  readonly before?: ServicesSpec
  readonly noWeb?: boolean
  readonly startup?: string
  readonly noStartup?: boolean
  readonly environment?: string
  readonly settings?: Readonly<Record<string, string>>
  readonly captureStartupErrors?: boolean
  readonly configure?: readonly HostAction[]
  readonly configureServices?: readonly HostAction[]
  readonly lifetime?: readonly LifetimeCallback[]
  readonly server?: { readonly start?: readonly HostAction[]; readonly stop?: readonly HostAction[] }
  readonly options?: {
    readonly shutdownTimeout?: number
    readonly startupTimeout?: number
    readonly servicesStartConcurrently?: boolean
    readonly servicesStopConcurrently?: boolean
    readonly backgroundServiceExceptionBehavior?: 'StopHost' | 'Ignore'
  }
  readonly catchBuild?: boolean
}
