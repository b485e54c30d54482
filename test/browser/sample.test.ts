import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, launch, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { ChildProcess } from '../support/child-process.ts'
import { findProgram } from '../support/find-program.ts'

const root = new URL('../../', import.meta.url).pathname

const browsers = [
  {
    browser: 'chrome',
    variable: 'CHROME_PATH',
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'],
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  },
  { browser: 'firefox', variable: 'FIREFOX_PATH', names: ['firefox-esr', 'firefox'], args: [] },
] as const

describe.each(browsers)('the sample in $browser', ({ browser, variable, names, args }) => {
  const executablePath = findProgram(variable, names)
  const missing = `there is no ${names.join(' or ')} on PATH, and ${variable} is not set`
  let profile: string
  let running: Browser

  beforeAll(async () => {
    if (executablePath === undefined) {
      console.warn(`The sample was not tested in ${browser}: ${missing}.`)
      return
    }
    profile = await mkdtemp(join(tmpdir(), 'windhover-browser-'))
    running = await launch({ browser, executablePath, headless: true, userDataDir: profile, args: [...args], acceptInsecureCerts: true })
  }, 60_000)

  afterAll(async () => {
    await running?.close()
    if (profile !== undefined) await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }, 60_000)

  function requireBrowser(context: TestContext): void {
    if (executablePath !== undefined) return
    if (process.env.CI) throw new Error(`The browser test cannot run here: ${missing}.`)
    context.skip(missing)
  }

  it('connects, echoes text as text, closes, and shows state and code', { timeout: 60_000 }, async context => {
    requireBrowser(context)
    await using sample = await startSampleAsync()
    const page = await openAsync(running, sample.url)
    expect(await page.title()).toBe('WebSockets sample')
    expect(await stateOf(page)).toBe('Ready to connect')

    await page.click('#connect')
    await waitForStateAsync(page, 'Open')
    for (const message of ['Hello, Windhover', '<b>x</b>', 'Grüße, 世界 👋']) {
      await page.type('#message', message)
      await page.click('#send')
      await waitForRowAsync(page, ['Server', 'Client', message])
      expect(await rowsOf(page)).toContainEqual(['Client', 'Server', message])
    }
    expect(await page.$('#log b')).toBeNull()

    await page.click('#close')
    await waitForStateAsync(page, 'Closed')
    await waitForRowAsync(page, ['', '', 'Connection closed. Code: 1000. Reason: Closing from client'])
    // The button that was pressed is disabled now; the keyboard goes on at the one that leads further.
    expect(await page.evaluate('document.activeElement.id')).toBe('connect')
  })

  it('keeps the newest row in view and long messages within the width of a phone', { timeout: 60_000 }, async context => {
    requireBrowser(context)
    await using sample = await startSampleAsync()
    const page = await openAsync(running, sample.url)
    await page.setViewport({ width: 390, height: 844 })
    await page.click('#connect')
    await waitForStateAsync(page, 'Open')

    const long = 'x'.repeat(2_000)
    for (const message of [long, 'the last one']) {
      await page.evaluate(`document.querySelector('#message').value = ${JSON.stringify(message)}`)
      await page.click('#send')
      await waitForRowAsync(page, ['Server', 'Client', message])
    }
    expect(await page.evaluate(isLastRowInView)).toBe(true)
    expect(await page.evaluate(widestContent)).toBeLessThanOrEqual(390)

    await page.setViewport({ width: 320, height: 700 })
    expect(await page.evaluate(isLastRowInView)).toBe(true)
    expect(await page.evaluate(widestContent)).toBeLessThanOrEqual(320)
  })

  it('speaks HTTP/2 over TLS, for the page and for its WebSocket', { timeout: 60_000 }, async context => {
    requireBrowser(context)
    await using home = await homeWithCertificateAsync()
    await using sample = await startSampleAsync('https://127.0.0.1:0', home.env)
    expect(sample.url).toMatch(/^https:/)
    const page = await openAsync(running, sample.url)
    await page.click('#connect')
    await waitForStateAsync(page, 'Open')
    await page.type('#message', 'over a stream')
    await page.click('#send')
    await waitForRowAsync(page, ['Server', 'Client', 'over a stream'])
    await page.click('#close')
    await waitForRowAsync(page, ['', '', 'Connection closed. Code: 1000. Reason: Closing from client'])

    // RFC 8441: the server saw no upgrade, but an extended CONNECT that it answered with 200.
    const target = `${sample.url}/ws`.replace(/[.?/]/g, '\\$&')
    await sample.process.waitForOutputAsync(new RegExp(`Request finished HTTP/2 CONNECT ${target} - 200`))
    expect(sample.process.output).toMatch(/Request starting HTTP\/2 GET https:/)
    expect(sample.process.output).not.toContain('HTTP/1.1')
  })

  it('sees 1001 when Ctrl+C stops the server, which ends at once in spite of the open page', { timeout: 60_000 }, async context => {
    requireBrowser(context)
    await using sample = await startSampleAsync()
    const page = await openAsync(running, sample.url)
    await page.click('#connect')
    await waitForStateAsync(page, 'Open')

    const stopped = performance.now()
    sample.process.signal('SIGINT')
    const end = await sample.process.waitForEndAsync()
    // The shutdown timeout, which an open socket used to cost, is 5 s.
    expect(performance.now() - stopped).toBeLessThan(2_000)
    expect(end).toMatchObject({ code: 0, signal: null })

    await waitForStateAsync(page, 'Closed')
    const rows = await rowsOf(page)
    expect(rows.at(-1)?.[2]).toMatch(/^Connection closed\. Code: 1001\./)
  })
})

/** A home with a development certificate in it, as `npx windhover dev-certs https` makes it. */
async function homeWithCertificateAsync(): Promise<{ env: Record<string, string> } & AsyncDisposable> {
  const home = await mkdtemp(join(tmpdir(), 'windhover-home-'))
  const env = { HOME: home, USERPROFILE: home }
  const command = new ChildProcess([join(root, 'packages/windhover/dist/cli.js'), 'dev-certs', 'https'], { env })
  expect(await command.waitForEndAsync()).toMatchObject({ code: 0 })
  return { env, [Symbol.asyncDispose]: () => rm(home, { recursive: true }) }
}

/** The sample as `npm start` runs it, on a free port. */
async function startSampleAsync(
  address = 'http://127.0.0.1:0',
  env: Record<string, string> = {},
): Promise<{ url: string; process: ChildProcess } & AsyncDisposable> {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const [, args] = /&& node (.+)$/.exec(scripts.start)!
  const process = new ChildProcess([...args!.split(' '), '--urls', address], { cwd: root, env })
  const [, url] = await process.waitForOutputAsync(/Now listening on: (\S+)/)
  return { url: url!, process, [Symbol.asyncDispose]: () => process[Symbol.asyncDispose]() }
}

async function openAsync(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage()
  await page.goto(url)
  return page
}

// What runs in the page is text, so that the types of a browser do not become those of the tests.
const rows = `Array.from(document.querySelectorAll('#log tr'), row => Array.from(row.cells, cell => cell.textContent))`

const isLastRowInView = `(() => {
  const box = document.querySelector('.log').getBoundingClientRect()
  const row = document.querySelector('#log tr:last-child').getBoundingClientRect()
  return row.top >= box.top && row.bottom <= box.bottom + 1
})()`

const widestContent = `Math.max(document.documentElement.scrollWidth, ...Array.from(document.querySelectorAll('body *'), each => each.getBoundingClientRect().right))`

function stateOf(page: Page): Promise<unknown> {
  return page.evaluate(`document.querySelector('#state').textContent`)
}

async function waitForStateAsync(page: Page, text: string): Promise<void> {
  await page.waitForFunction(`document.querySelector('#state').textContent === ${JSON.stringify(text)}`)
}

function rowsOf(page: Page): Promise<string[][]> {
  return page.evaluate(rows) as Promise<string[][]>
}

async function waitForRowAsync(page: Page, cells: string[]): Promise<void> {
  await page.waitForFunction(`${rows}.some(cells => cells.join() === ${JSON.stringify(cells.join())})`)
}
