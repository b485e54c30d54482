let nextNumber = 1
/** Tells the connections of this process from those of an earlier one in the same log. */
const processPart = Date.now().toString(36).toUpperCase()

export function takeConnectionNumber(): number {
  return nextNumber++
}

/** The name of a connection in logs and in `connection.id`. */
export function connectionId(number: number): string {
  return `${processPart}${number.toString(36).toUpperCase().padStart(4, '0')}`
}
