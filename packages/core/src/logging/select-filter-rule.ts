import { coreErrors } from '../errors/core-errors.ts'
import type { LoggerFilterOptions, LoggerFilterRule } from './logger-filter-options.ts'

/** The rule that decides about the entries of a category for a provider. (.NET: LoggerRuleSelector) */
export function selectFilterRule(options: LoggerFilterOptions, providerName: string, category: string): LoggerFilterRule {
  let selected: LoggerFilterRule | undefined
  for (const rule of options.rules) {
    if (matches(rule, providerName, category) && (selected === undefined || isAtLeastAsSpecial(rule, selected))) selected = rule
  }
  return selected ?? { logLevel: options.minLevel }
}

function matches(rule: LoggerFilterRule, providerName: string, category: string): boolean {
  if (rule.providerName !== undefined && rule.providerName.toLowerCase() !== providerName.toLowerCase()) return false
  if (rule.categoryName === undefined) return true
  const [prefix, suffix = '', ...more] = rule.categoryName.toLowerCase().split('*')
  if (more.length > 0) throw coreErrors.filterWithWildcards(rule.categoryName)
  const name = category.toLowerCase()
  return name.startsWith(prefix!) && name.endsWith(suffix)
}

function isAtLeastAsSpecial(rule: LoggerFilterRule, selected: LoggerFilterRule): boolean {
  if ((rule.providerName === undefined) !== (selected.providerName === undefined)) return rule.providerName !== undefined
  return (rule.categoryName?.length ?? -1) >= (selected.categoryName?.length ?? -1)
}
