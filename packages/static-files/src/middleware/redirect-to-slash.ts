import { type HttpContext, PathString, QueryString } from '@windhover/core'

/** Answers 301 with the same address and a slash behind its path; absolute, so that no path can be read as another host. */
export function redirectToSlash({ request, response }: HttpContext): void {
  const path = PathString.toUriComponent(PathString.add(request.pathBase, request.path))
  const query = QueryString.toUriComponent(request.queryString)
  response.redirect(`${request.scheme}://${request.host.toUriComponent()}${path}/${query}`, { permanent: true })
}
