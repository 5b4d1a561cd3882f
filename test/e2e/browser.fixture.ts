import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { addSandboxIntegration, startSession } from '../support/connecting.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { type CustomerSite, startCustomerSite } from './customer-site.fixture.ts'

/** A server with its sandbox, a customer's product beside it, and a browser. */
export type Stage = {
  grantry: TestGrantry
  site: CustomerSite
  browser: Browser
  close(): Promise<void>
}

export async function openStage(): Promise<Stage> {
  const grantry = await startTestGrantry()
  const site = await startCustomerSite()
  const browser = await launchChromium()
  await addSandboxIntegration(grantry, 'gmail')
  await addSandboxIntegration(grantry, 'pipedrive')
  await changeWorkspace(grantry, { allowed_origins: [site.origin], return_urls: [site.returnTo] })
  const close = async () => {
    await browser.close()
    await site.close()
    await grantry.close()
  }
  return { grantry, site, browser, close }
}

export async function changeWorkspace(
  grantry: TestGrantry,
  settings: Record<string, unknown>,
): Promise<void> {
  const answer = await grantry.call('PATCH', '/api/v1/workspace', settings)
  if (answer.status !== 200) throw new Error(`settings refused: ${answer.text}`)
}

/** A person's browser, and all that could be seen through it. */
export type Person = {
  context: BrowserContext
  page: Page
  /** Errors and warnings of any console, script errors, violated policies. */
  complaints: string[]
  /** What postMessage brought to the customer's page. */
  messages: { origin: string; data: Record<string, unknown> }[]
  /** Address, markup and storage of every document there was. */
  sights: { url: string; markup: string; storage: string }[]
  dialogs: string[]
  /** Asserts that nothing was complained of, and that none of the secrets was in sight. */
  leave(secrets: string[]): Promise<void>
}

export async function newPerson(browser: Browser, options: BrowserContextOptions = {}): Promise<Person> {
  const context = await browser.newContext(options)
  const person: Omit<Person, 'page' | 'leave'> = {
    context,
    complaints: [],
    messages: [],
    sights: [],
    dialogs: [],
  }
  await context.exposeFunction('tellTest', (message: Person['messages'][number]) => {
    person.messages.push(message)
  })
  await context.exposeFunction('tellSight', (sight: Person['sights'][number]) => {
    person.sights.push(sight)
  })
  await context.addInitScript({ path: fileURLToPath(new URL('watch.page.js', import.meta.url)) })
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') person.complaints.push(message.text())
  })
  context.on('weberror', (error) => person.complaints.push(String(error.error())))
  context.on('dialog', (dialog) => {
    person.dialogs.push(dialog.message())
    return dialog.accept()
  })
  const page = await context.newPage()
  return {
    ...person,
    page,
    async leave(secrets) {
      const cookies = await context.cookies()
      await context.close()
      expect(person.complaints).toEqual([])
      expect(cookies).toEqual([])
      if (options.javaScriptEnabled !== false) expect(person.sights.length).toBeGreaterThan(1)
      expect(secrets.every((secret) => secret.length > 20)).toBe(true)
      const hits = (text: string) => [...secrets, 'sandboxcanary'].filter((secret) => text.includes(secret))
      expect(hits(JSON.stringify(person.messages))).toEqual([])
      for (const { url, markup, storage } of person.sights)
        expect(hits(markup + storage), `the page at ${url}`).toEqual([])
      for (const { url } of person.sights) {
        for (const secret of secrets) expect(url).not.toContain(secret)
        // Only the provider's one-use code travels by address, and only to the callback.
        if (url.includes('sandboxcanary')) expect(url).toContain('/api/v1/credentials/auth/callback/')
      }
    },
  }
}

/** A session of the API for what the customer's page does next. */
export async function beginAt(
  { grantry, site }: Stage,
  body: Record<string, unknown> = {},
  by: 'connect_url' | 'authorization_url' = 'connect_url',
) {
  const session = await startSession(grantry, {
    provider: 'gmail',
    end_user: { id: 'u_17', email: 'ada@example.com' },
    access_type: 'read',
    ...body,
  })
  site.connecting = {
    url: session[by],
    sessionId: session.id,
    connectToken: session.connect_token,
    grantry: grantry.url,
  }
  site.returned.length = 0
  return session
}

/** Clicks the customer's button; the window that opens is at the provider's consent page. */
export async function openPopup({ site }: Stage, { page }: Person, path: string): Promise<Page> {
  await page.goto(site.origin + path)
  const opened = page.waitForEvent('popup')
  await page.getByRole('button', { name: 'Connect' }).click()
  return opened
}

export async function press(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click()
}

/** The session as the API tells it, and the access token of its connection: a secret to look for. */
export async function outcomeOf({ grantry }: Stage, id: string) {
  const { body } = await grantry.call('GET', `/api/v1/connect-sessions/${id}`)
  if (!body.data.connection_id) return { ...body.data, accessToken: null }
  const token = await grantry.call('GET', `/api/v1/connections/${body.data.connection_id}/token`)
  return { ...body.data, accessToken: token.body.data.access_token as string }
}
