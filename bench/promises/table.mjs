/** The table of the README, from what run.mjs has found. */
export function promiseTable({ node, date, rows }) {
  const title = stack => (stack.startsWith('windhover') ? '**Windhover**' : stack)
  return [
    '| stack | an async handler throws | handlers at once for 1,000 messages | anonymous upgrade behind a 401 guard | first message while the handler awaits | the server stops with one socket open |',
    '|---|---|---|---|---|---|',
    ...rows.map(
      ({ stack, throwing, atOnce, anonymous, firstMessage, stopping }) =>
        `| ${title(stack)} | ${[throwing, atOnce, anonymous, firstMessage, stopping].join(' | ')} |`,
    ),
    '',
    `Measured on Node ${node}, ${date}, by \`npm run promises\` in [bench](bench/README.md), from small server scripts that anyone can read. The row of Windhover is also proved by \`npx vitest run test/promises\`.`,
  ].join('\n')
}
