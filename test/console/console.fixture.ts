import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { startTestGrantry, type TestGrantry, type TestOptions } from '../support/grantry.ts'
import { openBrowser, type TestBrowser } from '../support/members.ts'

/** For `expect.poll`: as patient as everything else that waits for a page. */
export const soon = { timeout: 20_000, interval: 25 }

const owner = { email: 'ada@example.com', password: 'correct horse battery' }

/** A server with its sandbox and its first owner, and a browser. */
export type Scene = {
  grantry: TestGrantry
  browser: Browser
  /** A new window in which the owner is signed in, at `path`. */
  open(path?: string, options?: BrowserContextOptions): Promise<Seat>
  close(): Promise<void>
}

/** Somebody before the console. */
export type Seat = {
  context: BrowserContext
  page: Page
  /** Errors and warnings of the browser's console, script errors, violated policies, requests of elsewhere. */
  complaints: string[]
  /** Asserts that nothing was complained of, and closes the window. */
  leave(): Promise<void>
}

export async function openScene(options: TestOptions = {}): Promise<Scene> {
  const grantry = await startTestGrantry({
    ...options,
    env: { GRANTRY_BOOTSTRAP_OWNER: `${owner.email}:${owner.password}`, ...options.env },
  })
  const browser = await launchChromium()
  // By request: the form is seen in test/e2e/members and in people.
  const there = openBrowser(grantry)
  const signedIn = await there.post('/sign-in', owner)
  if (signedIn.status !== 303) throw new Error(`the owner could not sign in: ${signedIn.text}`)
  return {
    grantry,
    browser,
    async open(path = '/', options = {}) {
      const seat = await sit(browser, grantry.url, options)
      await seat.context.addCookies(cookiesOf(there, grantry.url))
      await seat.page.goto(grantry.url + path)
      return seat
    },
    async close() {
      await browser.close()
      await grantry.close()
    },
  }
}

/** Who is signed in by request, for a window. */
export const cookiesOf = ({ jar }: TestBrowser, url: string) =>
  [...jar].map(([name, value]) => ({ name, value, url }))

/**
 * Goes from one page of the console to one of another kind as its own links do, which takes a fourth of loading it; returns when
 * it has its heading.
 */
export async function moveTo(page: Page, path: string): Promise<void> {
  // The page before may stay until the next is there.
  await page.evaluate(`
    document.querySelector('h1').setAttribute('data-before', '')
    history.pushState({}, '', ${JSON.stringify(path)})`)
  await page.locator('h1:not([data-before])').first().waitFor()
}

export async function sit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Seat> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    // What moves is drawn dozens of times, and waited for.
    reducedMotion: 'reduce',
    ...options,
  })
  const complaints: string[] = []
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  context.on('weberror', (error) => complaints.push(error.error().message))
  context.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:'))
      complaints.push(`asked ${request.url()}`)
  })
  // Sooner than the test's own end, which does not say what was waited for.
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  return {
    context,
    page,
    complaints,
    async leave() {
      expect(complaints).toEqual([])
      await context.close()
    },
  }
}
