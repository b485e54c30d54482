import { ArgumentException, InvalidOperationException, IOException } from '@windhover/core'

/**
 * Every error that static-files raises, by what went wrong: code, class and message in one place.
 * docs/reference/errors.md lists the same codes; a test compares the two.
 */
export const staticFilesErrors = {
  rootNotAbsolute: (root: string): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_ROOT_NOT_ABSOLUTE',
      'root',
      `PhysicalFileProvider takes an absolute path, not ${JSON.stringify(root)}. Join it to env.contentRootPath, for example.`,
    ),

  rootNotFound: (root: string): IOException =>
    new IOException('WINDHOVER_ERR_ROOT_NOT_FOUND', `PhysicalFileProvider takes a directory that exists; ${JSON.stringify(root)} is none.`),

  rootBesideFileProvider: (root: string): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_ROOT_BESIDE_FILE_PROVIDER',
      'root',
      `The options have a root, ${JSON.stringify(root)}, and a fileProvider, which is another one. Set one of them.`,
    ),

  requestPath: (requestPath: string): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_REQUEST_PATH',
      'requestPath',
      `requestPath is empty or like "/files", with a leading and without a trailing slash, not ${JSON.stringify(requestPath)}. The folder of the files is the option root.`,
    ),

  extensionWithoutDot: (extension: string): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_EXTENSION_WITHOUT_DOT',
      'extension',
      `An extension begins with its dot, like ".html", but was ${JSON.stringify(extension)}.`,
    ),

  webRootUnknown: (member: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_WEB_ROOT_UNKNOWN',
      `${member} serves the web root, but the application's services have no WebHostEnvironment to name it. Set the option root or fileProvider.`,
    ),

  fileUnreadable: (path: string, cause: unknown): IOException =>
    new IOException('WINDHOVER_ERR_FILE_UNREADABLE', `The file for the path ${JSON.stringify(path)} cannot be read.`, { cause }),
}
