import type { HttpContext } from '@windhover/core'
import { describeError, shownHeaders } from './developer-exception-page.ts'

/** The developer's error page. Everything that comes from the request or the error is escaped. */
export function developerExceptionHtml(error: unknown, context: HttpContext): string {
  const { request } = context
  const name = error instanceof Error ? error.name : typeof error
  const message = error instanceof Error ? error.message : String(error)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(`${name}: ${message}`)}</title>
<style>
body { margin: 0 auto; padding: 1rem; max-width: 70rem; font: 1rem/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
h1 { font-size: 1.3rem; overflow-wrap: anywhere; } h1 small { display: block; font-weight: normal; opacity: .7; }
h2 { font-size: 1.1rem; margin-top: 2rem; }
pre { overflow-x: auto; padding: 1rem; border: 1px solid GrayText; border-radius: .4rem; }
table { border-collapse: collapse; width: 100%; } th, td { padding: .3rem .6rem; border-bottom: 1px solid GrayText; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { white-space: nowrap; }
</style>
</head>
<body>
<h1><small>An unhandled exception occurred while processing the request.</small>${escapeHtml(`${name}: ${message}`)}</h1>
<p>${escapeHtml(`${request.method} ${request.getDisplayUrl()}`)}</p>
<h2>Stack</h2>
<pre>${escapeHtml(describeError(error))}</pre>
${table('Query', [...request.query])}
${table('Headers', shownHeaders(context))}
</body>
</html>
`
}

function table(title: string, rows: readonly (readonly [string, string])[]): string {
  if (rows.length === 0) return ''
  const lines = rows.map(([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`)
  return `<h2>${title}</h2>\n<table>\n${lines.join('\n')}\n</table>`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => entities[character]!)
}
