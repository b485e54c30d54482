import type { Scenario } from './run-scenario.mjs'

export function loadScenarios(folder: string): Scenario[]
