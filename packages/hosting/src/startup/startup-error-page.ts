import type { RequestDelegate } from '@windhover/core'
import { escapeHtml } from '../diagnostics/developer-exception-html.ts'

/** Answers every request with the error that kept the application from starting; with its stack where that is for the eyes of developers. */
export function startupErrorPage(error: unknown, showDetails: boolean): RequestDelegate {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const body = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>The application could not start</title></head>
<body><h1>The application could not start</h1>
${showDetails ? `<pre>${escapeHtml(detail)}</pre>` : '<p>An error occurred while the application was starting. The log says more.</p>'}
</body></html>
`
  return async function answerStartupError({ response }) {
    response.statusCode = 500
    response.headers.set('Cache-Control', 'no-cache')
    response.contentType = 'text/html; charset=utf-8'
    await response.writeAsync(body)
  }
}
