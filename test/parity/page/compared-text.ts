import type { ComparedCase, ComparedPart, Difference } from './compared-part.ts'

/** How the pages write cases and numbers. */
export function numberOf(value: number): string {
  return value.toLocaleString('en')
}

export function isSame({ difference }: ComparedCase): boolean {
  return difference === undefined
}

/** The page of a part, beside the page of all. */
export function partFile({ title }: Pick<ComparedPart, 'title'>): string {
  return `parity/${title.toLowerCase().replaceAll(' ', '-')}.md`
}

/** Where the page of its part shows a case. */
export function caseId({ name }: ComparedCase): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
}

/** Cases by the reason of their difference, in the order in which they come. */
export function byReason(cases: readonly ComparedCase[]): Map<string, ComparedCase[]> {
  const reasons = new Map<string, ComparedCase[]>()
  for (const row of cases) {
    const reason = row.difference!.reason
    reasons.set(reason, [...(reasons.get(reason) ?? []), row])
  }
  return reasons
}

export function diffOf({ difference }: ComparedCase): readonly string[] {
  return (difference as Difference).lines
}

/** What a case is, and its diff. `root` leads from the page to the root of the project. */
export function caseDiff({ name, about, file, difference }: ComparedCase, root: string): string {
  const title = about === undefined ? '' : `: ${escapeHtml(about)}`
  return `[\`${name}\`](${root}/${file})${title}\n\n\`\`\`diff\n${(difference as Difference).lines.join('\n')}\n\`\`\``
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('|', '\\|')
}
