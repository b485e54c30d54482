import { join } from 'node:path'
import { WebHostEnvironment } from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { Startup } from '../../docs/examples/static-files.ts'
import { request } from './request.ts'
import { temporaryFolder } from './temporary-folder.ts'

const contentRootPath = temporaryFolder({
  'wwwroot/index.html': 'home',
  'wwwroot/app-1f3a9c04.js': 'script',
  'reports/2026/june.txt': 'june',
})

class Environment extends WebHostEnvironment {
  readonly environmentName: string
  readonly applicationName = 'readme'
  readonly contentRootPath = contentRootPath
  readonly webRootPath = join(contentRootPath, 'wwwroot')

  constructor(environmentName: string) {
    super()
    this.environmentName = environmentName
  }
}

async function get(path: string, environmentName = 'Production') {
  const environment = new Environment(environmentName)
  const { status, headers, body } = await request(app => new Startup().configure(app, environment), path, {
    configureServices: services => void services.addSingleton(WebHostEnvironment, { useValue: environment }),
  })
  return { status, caching: headers['cache-control'], body }
}

describe('the application of the README', () => {
  it('serves the default file, to be asked about each time', async () => {
    expect(await get('/')).toEqual({ status: 200, caching: 'no-cache', body: 'home' })
  })

  it('serves a script whose name tells its content, for good', async () => {
    expect(await get('/app-1f3a9c04.js')).toEqual({ status: 200, caching: 'public, max-age=31536000, immutable', body: 'script' })
  })

  it('serves another folder below a path of its own', async () => {
    expect(await get('/reports/2026/june.txt')).toMatchObject({ status: 200, body: 'june' })
  })

  it('lists that folder in Development only', async () => {
    expect((await get('/reports/2026/', 'Development')).body).toContain('june.txt')
    expect((await get('/reports/2026/')).body).toBe('fell through')
  })
})
