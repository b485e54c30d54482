// docs/reference/benchmarks.md, from results.json alone.
import { describeMachine } from './machine.mjs'
import { countGoals, findings, workTable } from './report.mjs'

/** The whole page. */
export function benchmarksPage(results, works) {
  const [first, ...others] = results.runs
  return `${[introduction(results, works), ...works.map(work => section(results, first, work)), ...others.map(run => otherNode(results, run, works)), versions(results)].join('\n\n')}\n`
}

function introduction({ date, machine, settings, runs }, works) {
  const { all, reached } = countGoals(works, runs[0].works)
  const rounds = settings.rounds === 1 ? 'one round' : `${settings.rounds} rounds (${settings.memoryRounds} where memory is measured)`
  return `# Benchmarks

How fast Windhover is, and how much memory it needs, beside other servers that do the same work. This page is written by \`npm run bench -- --publish\` in [bench](../../bench/README.md);
anyone can run it, and the server scripts there are short enough to be read.

Measured on ${date}: ${describeMachine(machine)}, Node ${runs[0].node}, ${rounds} of ${settings.seconds} s for each line${settings.quick ? ' (`--quick`, a first look: few rounds, and fewer sockets than the goals name)' : ''}.
**${reached} of ${all} goals are reached**; below each table stands which, and which are missed by how much. [bench/README.md](../../bench/README.md#missed-goals) says what was tried and where the time goes.

## How to read the tables

- Each stack runs in a process of its own, a fresh one in every round, alone on one core of the processor. The load comes from another process on another core. In every second round the order is
  turned round, so that whoever comes first has no advantage.
- The numbers are the medians of the rounds. **CPU** is the processor time that the server used for one piece of work, all of its threads together: it is steadier than what was done per second, and it
  does not depend on how fast the other side is. **Busy** is the part of the time in which the server had work at all: well below 100% the load generator or the network was the limit, not the server.
- **Speed / X** is the number of pieces of work per second of processor time, divided by that of X in the same round: 2.00 means that the server does twice as much with the same processor. In brackets
  the least and the most of the rounds. **Memory / X** and **time / X** are quotients too, and there less is better.
- **Spread** says how far a typical round lies off the median (half the distance of the quartiles). A difference that is not larger than the spread is none.`
}

function section({ settings }, run, work) {
  const titles = work.rows(settings)
  const found = run.works[work.name] ?? {}
  return `## ${work.title}

${work.text}

${workTable(work, found, titles)}

${findings(work, found, titles)}`
}

/** The same on another version of Node, without the explanations. */
function otherNode({ settings }, run, works) {
  const { all, reached } = countGoals(works, run.works)
  const sections = works
    .filter(work => run.works[work.name] !== undefined)
    .map(work => {
      const titles = work.rows(settings)
      return `### ${work.title}, Node ${run.node}\n\n${workTable(work, run.works[work.name], titles)}\n\n${findings(work, run.works[work.name], titles)}`
    })
  return [`## The same on Node ${run.node}\n\n${reached} of ${all} goals are reached.`, ...sections].join('\n\n')
}

function versions({ runs }) {
  const list = Object.entries(runs[0].versions).map(([name, version]) => `${name} ${version}`)
  return `## Versions\n\nNode ${runs.map(run => run.node).join(' and ')}; ${list.join(', ')}.`
}
