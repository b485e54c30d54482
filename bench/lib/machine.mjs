import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
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

/** Processor time of each thread of a process in nanoseconds, as the scheduler counts it (Linux). */
export function threadTimes(pid) {
  const times = new Map()
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      times.set(thread, Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]))
    } catch {} // The thread has ended since the folder was read.
  }
  return times
}

/** Processor time in seconds that a process used between two readings of its threads. */
export function secondsBetween(before, after) {
  let nanoseconds = 0
  for (const [thread, time] of after) nanoseconds += time - (before.get(thread) ?? 0)
  return nanoseconds / 1e9
}

/** Resident memory of a process in bytes (Linux), and the most that it was since `forgetPeak`. */
export const residentBytes = pid => kibibytes(pid, 'VmRSS') * 1024
export const peakBytes = pid => kibibytes(pid, 'VmHWM') * 1024

function kibibytes(pid, name) {
  return Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1])
}

export const machine = () => ({
  processor: os.cpus()[0]?.model.trim(),
  cores: os.availableParallelism(),
  memoryGiB: Math.round(os.totalmem() / 2 ** 30),
  system: `${os.type()} ${os.release()}`,
  pinned: hasTaskset,
  openFiles: openFiles(),
})

function openFiles() {
  return Number(/Max open files\s+\d+\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1])
}

/** The machine in one line. */
export const describeMachine = ({ processor, cores, memoryGiB, system, pinned }) =>
  `${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}${pinned ? ', the server pinned to one core and the load to another' : ''}`
