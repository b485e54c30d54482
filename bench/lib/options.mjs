import { parseArgs } from 'node:util'

const help = `npm run bench -- [options]

  without options    5 rounds (3 where memory is measured) on this Node, in about twenty-five minutes
  --quick            everything once, in less than three minutes: one round, shorter spans, fewer sockets
  --full             7 rounds of 2 s each, on this Node and on Node 24: some hours
  --only=a,b/c       only these works, or rows of a work: http, scoped, echo, echo/32-text-64, ...
  --stacks=a,b       only these stacks: windhover, ws, floor, ...
  --rounds=5         how often everything is measured
  --seconds=0.4      how long one measurement counts
  --node=machine,24  which versions of Node: the one that runs this, and others that are installed here as node-<version>
  --publish          writes results.json and docs/reference/benchmarks.md
  --json=file        writes the results to another file
  --profile          takes a profile of the processor instead, for each chosen row and stack of Node, and prints where the time goes
  --list             prints the names of works, rows and stacks`

const modes = {
  quick: { rounds: 1, seconds: 0.2, warmUp: 0.08, firstWarmUp: 0.25, nodes: ['machine'] },
  standard: { rounds: 5, seconds: 0.4, warmUp: 0.15, firstWarmUp: 0.8, nodes: ['machine'] },
  full: { rounds: 7, seconds: 2, warmUp: 0.5, firstWarmUp: 2, nodes: ['machine', '24'] },
}

/** What the command line asks for. */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      only: { type: 'string' },
      stacks: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      node: { type: 'string' },
      publish: { type: 'boolean', default: false },
      json: { type: 'string' },
      profile: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(help)
    process.exit(0)
  }
  const list = text => text?.split(',').filter(part => part !== '')
  if (values.publish && (values.only ?? values.stacks) !== undefined)
    throw new Error('--publish takes the whole table; leave --only and --stacks away')
  const { nodes, ...mode } = values.quick ? modes.quick : values.full ? modes.full : modes.standard
  const rounds = number('rounds', values.rounds, mode.rounds)
  return {
    ...values,
    only: list(values.only),
    stacks: list(values.stacks),
    nodes: list(values.node) ?? nodes,
    settings: {
      ...mode,
      quick: values.quick,
      rounds,
      memoryRounds: values.full ? rounds : Math.min(3, rounds),
      seconds: number('seconds', values.seconds, mode.seconds),
    },
  }
}

function number(name, text, otherwise) {
  if (text === undefined) return otherwise
  const value = Number(text)
  if (!(value > 0)) throw new Error(`--${name} must be a number above 0, not "${text}"`)
  return value
}

/** The works, rows and stacks that are chosen. */
export function choose(works, { only, stacks, settings }) {
  if (only !== undefined) for (const name of only) refuseUnknown(name, works, settings)
  const chosen = works.map(work => ({ ...work, rows: work.rows(settings) }))
  const byName = chosen
    .map(work => ({
      ...work,
      rows: work.rows.filter(row => only === undefined || only.some(name => name === work.name || name === `${work.name}/${row.id}`)),
    }))
    .map(work => ({ ...work, stacks: work.stacks.filter(stack => stacks === undefined || stacks.some(part => isNamed(stack, part))) }))
  return byName.filter(work => work.rows.length > 0 && work.stacks.length > 0)
}

function refuseUnknown(name, works, settings) {
  const names = works.flatMap(work => [work.name, ...work.rows(settings).map(row => `${work.name}/${row.id}`)])
  if (!names.includes(name)) throw new Error(`--only: nothing is called "${name}"; --list prints the names`)
}

function isNamed({ id, title }, part) {
  return id === part || id.startsWith(`${part}-`) || (part === 'windhover' && title.includes('Windhover'))
}
