export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Half the distance between the quartiles, as a part of the median: how far a typical round lies off. */
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const at = part => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]
  return (at(0.75) - at(0.25)) / 2 / median(values)
}

/** Round by round the one divided by the other: what slows a whole round down falls out. Median, least and most. */
export function ratio(numerators, denominators) {
  const rounds = Math.min(numerators.length, denominators.length)
  const ratios = Array.from({ length: rounds }, (_, round) => numerators[round] / denominators[round])
  return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) }
}

/** A number as results.json keeps it: four digits say more than the machine can repeat. */
export const rounded = value => Number(value.toPrecision(4))
