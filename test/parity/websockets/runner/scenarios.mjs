// Scenario files: an array of scenarios each; `each` makes a scenario a template.

import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** All scenarios of a folder, in the order of the files; `only` is a glob over names such as `close/*`. */
export function loadScenarios(folder, only = '*') {
  const files = readdirSync(folder)
    .filter(file => file.endsWith('.json'))
    .sort()
  const scenarios = files.flatMap(file => readTopic(folder, file))
  const names = scenarios.map(scenario => scenario.name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice) throw new Error(`two scenarios are named ${twice}`)
  return scenarios.filter(scenario => globToRegExp(only).test(scenario.name))
}

function readTopic(folder, file) {
  const topic = basename(file, '.json')
  return JSON.parse(readFileSync(join(folder, file), 'utf8'))
    .flatMap(expand)
    .map(scenario => {
      if (!scenario.name.startsWith(`${topic}/`)) throw new Error(`${scenario.name} belongs into another file than ${file}`)
      return { topic, site: 'default', requests: 1, linger: 2000, ...scenario }
    })
}

/** `"${key}"` alone becomes the value of the row, whatever its type; inside a longer string its text. */
function expand({ each, ...template }) {
  return each ? each.map(row => substitute(template, row)) : [template]
}

function substitute(value, row) {
  if (Array.isArray(value)) return value.map(item => substitute(item, row)).filter(item => item !== undefined)
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, substitute(item, row)]))
  }
  if (typeof value !== 'string') return value
  const whole = /^\$\{(\w+)\}$/.exec(value)
  return whole ? row[whole[1]] : value.replace(/\$\{(\w+)\}/g, (_, key) => row[key])
}

function globToRegExp(glob) {
  return new RegExp(`^${glob.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`)
}
