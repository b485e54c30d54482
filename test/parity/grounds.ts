/** What justifies a difference from ASP.NET Core. Nothing else does. */
export const Ground = {
  /** It closes a hole, or keeps one client from harming others. */
  Safer: 'safer',
  /** An RFC says so. */
  Truer: 'truer',
  /** The recorded behaviour surprises: it hangs, drops something, or hides it. */
  Clearer: 'clearer',
  /** The same thing in a form that Windhover has chosen. */
  Design: 'design',
  /** JavaScript or Node leave no choice. */
  Platform: 'platform',
} as const

export type Ground = (typeof Ground)[keyof typeof Ground]

/** A difference on purpose, without what comes out instead. */
export interface Justification {
  readonly because: Ground
  /** One sentence. */
  readonly reason: string
}

/** Throws unless a deviation names its ground and has a reason that is a sentence. */
export function checkJustification(name: string, { because, reason }: Partial<Justification>): void {
  const grounds: readonly unknown[] = Object.values(Ground)
  if (!grounds.includes(because)) throw new Error(`The deviation ${name} needs "because": one of ${grounds.join(', ')}; it has ${because}.`)
  if (!/^[A-Z0-9].+\.$/.test(reason ?? '')) throw new Error(`The deviation ${name} needs a "reason": one sentence, with a full stop.`)
}
