// Holds many sockets with churn, and fails when heap, resident memory or handles of the server grow: npm run test:soak -- --minutes 10 --sockets 5000
import { spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Crowd } from './crowd.mjs'
import { trendOf } from './trend.mjs'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    sockets: { type: 'string', default: '5000' },
    // Every second: so many echo, and so many leave and are followed by others.
    echoes: { type: 'string', default: '2000' },
    churn: { type: 'string', default: '200' },
    // The server keeps 4 KiB of every socket that has ended: the run must fail.
    leak: { type: 'boolean', default: false },
  },
})
const duration = Number(values.minutes) * 60_000
const sampleInterval = Math.max(250, Math.min(5_000, duration / 40))
const mebi = 1024 * 1024
/** What the line through the samples may rise, and what may stay when everyone has left. */
const allowances = { held: 2 * mebi, rss: 24 * mebi, handles: 20 }
const stays = 4 * mebi
/** So long a sample waits for those who come and go, in milliseconds. */
const quietPatience = 5_000

const program = fileURLToPath(new URL('../abuse/programs/target.mjs', import.meta.url))
const args = [program, '--urls', 'http://127.0.0.1:0', '--Logging:LogLevel:Default', 'Warning']
const server = spawn(process.execPath, args, { env: { ...process.env, NODE_ENV: 'production', LEAK: values.leak ? '4096' : '' } })
let output = ''
for (const stream of [server.stdout, server.stderr]) stream.setEncoding('utf8').on('data', text => (output += text))
const exited = new Promise(resolve => server.once('exit', resolve))

const failures = []
try {
  await soakAsync(await portAsync())
} catch (error) {
  failures.push(String(error))
} finally {
  server.kill('SIGINT')
  const code = await Promise.race([exited, delay(10_000, 'no exit within 10 s', { ref: false })])
  if (code !== 0) failures.push(`The server ended with ${code}.`)
  if (/^(warn|fail|crit): /m.test(output)) failures.push(`The server complained:\n${output.slice(0, 2_000)}`)
}
for (const failure of failures) console.log(`FAILED: ${failure}`)
console.log(failures.length === 0 ? 'No growth.' : `${failures.length} failure(s).`)
process.exit(failures.length === 0 ? 0 : 1)

async function portAsync() {
  for (;;) {
    const found = /Now listening on: http:\/\/127\.0\.0\.1:(\d+)/.exec(output)
    if (found !== null) return Number(found[1])
    if (server.exitCode !== null) throw new Error(`The server did not start:\n${output}`)
    await delay(20)
  }
}

async function soakAsync(port) {
  const statisticsAsync = async () => (await fetch(`http://127.0.0.1:${port}/statistics`, { headers: { connection: 'close' } })).json()
  const before = await statisticsAsync()
  const crowd = new Crowd(port, Number(values.sockets))
  crowd.fill()
  while (crowd.open < Number(values.sockets)) await delay(20)

  const samples = { held: [], rss: [], handles: [] }
  const started = performance.now()
  let [sampled, stirred] = [started, started]
  while (performance.now() - started < duration) {
    await delay(50)
    const now = performance.now()
    const share = (now - stirred) / 1_000
    stirred = now
    crowd.stir(Math.round(Number(values.echoes) * share), Math.round(Number(values.churn) * share))
    if (now - sampled < sampleInterval) continue
    for (const end = now + quietPatience; !crowd.isQuiet && performance.now() < end; ) await delay(10)
    // The server hears of the last one that has left a little later.
    await delay(100)
    sampled = stirred = performance.now()
    const open = crowd.open
    const { held, rss, handles } = await statisticsAsync()
    const at = (now - started) / 1_000
    samples.held.push({ at, value: held })
    samples.rss.push({ at, value: rss })
    samples.handles.push({ at, value: handles - open })
    console.log(
      `${at.toFixed(0).padStart(5)} s  ${open} open  heap ${inMebi(held)}  resident ${inMebi(rss)}  handles beside the sockets ${handles - open}`,
    )
  }

  for (const [name, allowance] of Object.entries(allowances)) {
    const trend = trendOf(samples[name], allowance)
    const show = name === 'handles' ? value => value.toFixed(1) : inMebi
    const told = `${name}: level ${show(trend.level)}, growth ${show(trend.growth)} of ${show(allowance)} allowed`
    console.log(told)
    if (trend.isLeak) failures.push(told)
  }
  console.log(JSON.stringify(crowd.counts))
  if (crowd.counts.refused > 0) failures.push(`${crowd.counts.refused} handshakes were refused.`)

  await crowd.endAsync()
  let after = await statisticsAsync()
  const isBack = () => after.handles <= before.handles && after.held - before.held < stays
  for (const end = performance.now() + Math.min(15_000, duration); performance.now() < end && !isBack(); after = await statisticsAsync())
    await delay(200)
  const left = `heap ${inMebi(after.held - before.held)} more than before, handles ${after.handles - before.handles} more, resident ${inMebi(after.rss)}`
  console.log(`When everyone has left: ${left}.`)
  if (!isBack()) failures.push(`When everyone has left, something stays: ${left}.`)
  const alive = await (await fetch(`http://127.0.0.1:${port}/`)).text()
  if (alive !== 'alive') failures.push(`/ answers ${alive}.`)
}

function inMebi(bytes) {
  return `${(bytes / mebi).toFixed(1)} MiB`
}
