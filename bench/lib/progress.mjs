/** One line on stderr that says how far the run is, or a line now and then where stderr is no terminal. */
export class Progress {
  #total
  #done = 0
  #failures = []
  #start = performance.now()
  #printed = 0

  constructor(total) {
    this.#total = total
  }

  begin(what) {
    this.#print(what)
  }

  step(what) {
    this.#done++
    this.#print(what)
  }

  failed(what) {
    this.#failures.push(what)
    process.stderr.write(`\nFAILED ${what}\n`)
  }

  get failures() {
    return this.#failures
  }

  get seconds() {
    return Math.round((performance.now() - this.#start) / 1000)
  }

  clear() {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  }

  #print(what) {
    const left = this.#done === 0 ? '' : `, ${Math.round((this.seconds / this.#done) * (this.#total - this.#done))} s left`
    const line = `${this.#done}/${this.#total} (${this.seconds} s${left}): ${what}`
    if (process.stderr.isTTY) return void process.stderr.write(`\r\x1b[K${line.slice(0, process.stderr.columns - 1)}`)
    if (performance.now() - this.#printed < 5000) return
    this.#printed = performance.now()
    process.stderr.write(`${line}\n`)
  }
}
