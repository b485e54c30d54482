import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import os from 'node:os'

const hasTaskset = (() => {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' })
    return os.availableParallelism() > 1
  } catch {
    return false
  }
})()

/** The command that runs on one core only, where the machine can do that. */
export const pinned = (core, command) => (hasTaskset ? ['taskset', '-c', String(core), ...command] : command)

/** Processor time of a process in seconds, its threads included (Linux, ticks of 10 ms). */
export function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** Resident memory of a process in bytes (Linux). */
export function residentBytes(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024
}

export const description = () =>
  `${os.cpus()[0]?.model.trim()}, ${os.availableParallelism()} cores${hasTaskset ? ', server and load pinned to one core each' : ''}, ${os.type()} ${os.release()}, Node ${process.versions.node}`
