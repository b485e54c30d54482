import type { NodeExchange } from './node-exchange.ts'

/** The part of a request whose connection, or stream, the application may take over. */
export interface Takeover {
  /** The application has taken it. */
  readonly isUpgraded: boolean
  /** The exchange enters the pipeline. */
  begin(exchange: NodeExchange): void
  /** Its delegate has ended. */
  end(): void
}
