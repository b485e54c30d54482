import { ConfigurationPath } from './configuration-path.ts'

const wholeNumber = /^\s*[+-]?\d+\s*$/

/**
 * The form in which two keys that differ only in case are equal. One code unit stays one (`ß` does not become `SS`), as in an
 * ordinal comparison of .NET that ignores case.
 */
export function foldConfigurationKey(key: string): string {
  const upper = key.toUpperCase()
  if (upper.length === key.length) return upper
  let folded = ''
  for (let index = 0; index < key.length; index++) {
    const unit = key.charAt(index).toUpperCase()
    folded += unit.length === 1 ? unit : key.charAt(index)
  }
  return folded
}

/** Orders keys segment by segment: whole numbers of 32 bits by value and before texts, texts without regard to case. (.NET: ConfigurationKeyComparer) */
export function compareConfigurationKeys(left: string, right: string): number {
  const lefts = segmentsOf(left)
  const rights = segmentsOf(right)
  const shared = Math.min(lefts.length, rights.length)
  for (let index = 0; index < shared; index++) {
    const order = compareSegments(lefts[index]!, rights[index]!)
    if (order !== 0) return order
  }
  return lefts.length - rights.length
}

function segmentsOf(key: string): string[] {
  return key.split(ConfigurationPath.keyDelimiter).filter(segment => segment !== '')
}

function compareSegments(left: string, right: string): number {
  const leftIsNumber = isInt32(left)
  const rightIsNumber = isInt32(right)
  if (leftIsNumber && rightIsNumber) return Number(left) - Number(right)
  if (leftIsNumber) return -1
  if (rightIsNumber) return 1
  const foldedLeft = foldConfigurationKey(left)
  const foldedRight = foldConfigurationKey(right)
  if (foldedLeft === foldedRight) return 0
  return foldedLeft < foldedRight ? -1 : 1
}

/** A longer number is a text, as in .NET: it is no index of a list. */
function isInt32(segment: string): boolean {
  return wholeNumber.test(segment) && Number(segment) === (Number(segment) | 0)
}
