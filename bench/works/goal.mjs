// A goal is a row of checks; a check divides what one stack does by what another does, and says what the quotient shall be.

/** `top` and `bottom` are [row, stack]; `metric` is what the work is judged by, unless another one is named. */
export const check = (top, bottom, { atLeast, atMost, metric }) => ({ top, bottom, atLeast, atMost, metric })

/** More than the other, by whatever. */
export const ahead = (top, bottom) => check(top, bottom, { atLeast: 1 })
