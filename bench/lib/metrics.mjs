const whole = value => Math.round(value).toLocaleString('en')
const two = value => (value >= 100 ? whole(value) : value >= 10 ? value.toFixed(1) : value.toFixed(2))

const plural = unit => `${unit.replace(/y$/, 'ie')}s`

/** What is measured: its name in a table, how it is written, and what a quotient of two of it says. */
export const metrics = {
  perSecond: { title: unit => `${plural(unit)}/s`, write: whole },
  perCpuSecond: { title: unit => `${plural(unit)} per second of processor time`, write: whole, word: 'speed' },
  cpuMicros: { title: unit => `CPU µs/${unit}`, write: two, word: 'CPU' },
  busy: { title: () => 'busy', write: value => `${Math.round(value * 100)}%` },
  peakMiB: { title: () => 'peak, MiB', write: value => value.toFixed(1), word: 'memory' },
  kibPerSocket: { title: () => 'KiB/socket', write: two, word: 'memory' },
  calmMicros: { title: () => 'p99 calm, µs', write: whole },
  floodedMicros: { title: () => 'p99 flooded, µs', write: whole },
  floodPerSecond: { title: () => "flood's messages/s", write: whole },
  timesLonger: { title: () => 'times longer', write: two, word: 'time' },
  milliseconds: { title: () => 'ms', write: whole, word: 'time' },
}
