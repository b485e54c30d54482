import type { HttpContext } from '@windhover/core'
import type { FileInfo } from '../files/file-info.ts'
import type { DirectoryFormatter } from './directory-formatter.ts'

/** A page of HTML with names, sizes in bytes and times in UTC; directories first. (ASP.NET Core: HtmlDirectoryFormatter) */
export class HtmlDirectoryFormatter implements DirectoryFormatter {
  async generateContentAsync({ request, response }: HttpContext, contents: readonly FileInfo[]): Promise<void> {
    response.contentType = 'text/html; charset=utf-8'
    if (request.method === 'HEAD') return
    const page = Buffer.from(listing(request.pathBase + request.path, contents))
    response.contentLength = page.length
    await response.writeAsync(page)
  }
}

function listing(path: string, contents: readonly FileInfo[]): string {
  const title = `Index of ${escapeHtml(path)}`
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title}</title>
<style>
body { font-family: sans-serif; margin: 2rem }
th { text-align: left }
th, td { padding: 0.2rem 2rem 0.2rem 0 }
td + td { font-variant-numeric: tabular-nums }
</style>
</head>
<body>
<h1>${title}</h1>
<table>
<thead><tr><th>Name</th><th>Size</th><th>Last modified</th></tr></thead>
<tbody>
${contents.toSorted(directoriesFirst).map(row).join('\n')}
</tbody>
</table>
</body>
</html>
`
}

function directoriesFirst(a: FileInfo, b: FileInfo): number {
  return Number(b.isDirectory) - Number(a.isDirectory) || (a.name < b.name ? -1 : 1)
}

/** `./` keeps a name with a colon from being read as a scheme. */
function row({ name, isDirectory, length, lastModified }: FileInfo): string {
  const slash = isDirectory ? '/' : ''
  const size = isDirectory ? '' : length
  const time = `${lastModified.toISOString().slice(0, 19).replace('T', ' ')}Z`
  return `<tr><td><a href="./${escapeHtml(encodeURIComponent(name))}${slash}">${escapeHtml(name)}${slash}</a></td><td>${size}</td><td>${time}</td></tr>`
}

const entities: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
])

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => entities.get(character)!)
}
