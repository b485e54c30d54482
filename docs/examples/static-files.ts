// The code of packages/static-files/README.md; test/static-files runs it.
import { join } from 'node:path'
import { type ApplicationBuilder, PhysicalFileProvider, type WebHostEnvironment } from 'windhover'

// #region serve
export class Startup {
  configure(app: ApplicationBuilder, env: WebHostEnvironment): void {
    app.useDefaultFiles()
    app.useStaticFiles({
      onPrepareResponse: ({ context, file }) => {
        const forGood = /-[0-9a-f]{8}\.\w+$/.test(file.name) // app-1f3a9c04.js never changes
        context.response.headers.set('Cache-Control', forGood ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
    app.useFileServer({
      requestPath: '/reports',
      fileProvider: new PhysicalFileProvider(join(env.contentRootPath, 'reports')),
      enableDirectoryBrowsing: env.isDevelopment(),
    })
  }
}
// #endregion
