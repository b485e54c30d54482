import { LogLevel } from './log-level.ts'

/** Decides about an entry; `provider` is the alias of the provider that would get it. */
export type LogFilter = (provider: string, category: string, level: LogLevel) => boolean

/** Which entries a provider gets. What is undefined does not restrict the rule. (.NET: LoggerFilterRule) */
export interface LoggerFilterRule {
  /** The alias of the provider that the rule is for, in any case: variables of the environment are often in upper case. */
  readonly providerName?: string | undefined
  /** How the category begins, in any case; one `*` stands for any text. */
  readonly categoryName?: string | undefined
  /** The lowest level that passes. */
  readonly logLevel?: LogLevel | undefined
  readonly filter?: LogFilter | undefined
}

/**
 * Which entries reach which provider. Of the rules that match a provider and a category one is chosen: one that names the provider before one
 * that does not, then the one with the longest category, then the last. (.NET: LoggerFilterOptions)
 */
export class LoggerFilterOptions {
  /** The lowest level where no rule matches. Default: Information. */
  minLevel: LogLevel = LogLevel.Information
  rules: LoggerFilterRule[] = []
}
