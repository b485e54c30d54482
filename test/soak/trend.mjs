/**
 * Whether a measure grows. Garbage collection, caches and the code that the engine compiles make every curve rise at first and waver afterwards, so two samples tell nothing: the first third of a run is
 * warm-up, and through the samples behind it goes a straight line (least squares). What that line rises from its first to its last sample is the growth; it is a leak when it is more than `allowance`, in the unit of
 * the measure. A leak grows with time and the noise does not: a longer run finds a smaller leak with the same allowance.
 *
 * @param {readonly { at: number, value: number }[]} samples in the order of time
 * @param {number} allowance
 */
export function trendOf(samples, allowance) {
  const kept = samples.slice(Math.floor(samples.length / 3))
  const meanAt = mean(kept.map(({ at }) => at))
  const meanValue = mean(kept.map(({ value }) => value))
  let [covariance, variance] = [0, 0]
  for (const { at, value } of kept) {
    covariance += (at - meanAt) * (value - meanValue)
    variance += (at - meanAt) ** 2
  }
  const slope = variance === 0 ? 0 : covariance / variance
  const growth = slope * (kept.at(-1).at - kept[0].at)
  return { level: meanValue, growth, allowance, isLeak: growth > allowance }
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
