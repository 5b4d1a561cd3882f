// Makes the pictures of docs/console.md: every page of the console, and those that end users meet, of a week that never was.
//
//   npm run pictures
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { BrowserContext, Page } from 'playwright-core'
import { ensureConsole } from '../../scripts/build-console.ts'
import { pages } from '../console/addresses.fixture.ts'
import { createSettling } from '../console/inspect.fixture.ts'
import { createDice } from '../simulation/random.ts'
import { launchChromium } from '../support/chromium.ts'
import { consent, startSession } from '../support/connecting.ts'
import { createTestClock, startTestGrantry } from '../support/grantry.ts'
import { pictureOf } from './names.ts'
import { seedWeek } from './seed.ts'
import { shrinkPng } from './shrink-png.ts'

const folder = fileURLToPath(new URL('../../docs/pictures/', import.meta.url))
/** When the week ends. What is seen of times hangs on it, and not on the day on which this runs. */
const end = Date.UTC(2026, 2, 12, 10, 0)
const owner = { email: 'ada@acme.example', password: 'correct horse battery' }
const desktop = { width: 1280, height: 800 }
/** Pages that are shown in dark too. */
const dark = new Set(['/', '/connections', '/connections/$id'])
const phone = { width: 375, height: 760 }

ensureConsole()
const clock = createTestClock()
clock.advance((end - Date.now()) / 1000 - 7 * 86_400)
const dice = createDice(20_260_312)
const grantry = await startTestGrantry({
  env: { GRANTRY_PORT: '7001', GRANTRY_BOOTSTRAP_OWNER: `${owner.email}:${owner.password}` },
  world: {
    clock,
    background: false,
    random: (bytes) => dice.bytes(bytes),
  },
})
const browser = await launchChromium()
try {
  const shown = await seedWeek(grantry, clock)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const context = await browser.newContext({
    viewport: desktop,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
  })
  await takeConsole(context)
  await takeOfEndUsers(context)
  await context.close()

  async function takeConsole(context: BrowserContext) {
    const page = await context.newPage()
    const settled = createSettling(page)
    await page.goto(`${grantry.url}/sign-in`)
    await page.getByLabel('E-mail').fill(owner.email)
    await page.getByLabel('Password').fill(owner.password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { level: 1 }).waitFor()
    // Nothing that is shown lies in the future.
    await context.clock.setFixedTime(clock.now() + 120_000)
    for (const [pattern, addresses] of Object.entries(pages)) {
      await page.goto(grantry.url + addresses(shown)[0]!)
      await settled()
      await take(page, pictureOf(pattern), { dark: dark.has(pattern) })
    }
    await page.close()
  }

  async function takeOfEndUsers(context: BrowserContext) {
    await context.clearCookies()
    const page = await context.newPage()
    const someone = { id: 'u_1001', email: 'maria.santos@example.com', display_name: 'Maria Santos' }
    const visits: Record<string, () => Promise<unknown>> = {
      'connect-choose': async () =>
        page.goto((await startSession(grantry, { end_user: someone })).connect_url),
      'connect-confirm': async () => page.goto(await comeBack()),
      'connect-done': () => page.getByRole('button', { name: 'Connect', exact: true }).click(),
      'connect-refused': async () => page.goto(await comeBack(true)),
      manage: async () => {
        const made = await grantry.call('POST', '/api/v1/manage-links', { end_user: { id: someone.id } })
        return page.goto(made.body.data.url)
      },
      'sign-in': () => page.goto(`${grantry.url}/sign-in`),
    }
    const comeBack = async (deny = false) => {
      const session = await startSession(grantry, {
        provider: 'gmail',
        end_user: someone,
        access_type: 'write',
      })
      return consent(grantry, session.connect_url, { account: 'ada@example.com', deny })
    }
    for (const [name, visit] of Object.entries(visits)) {
      await visit()
      await page.getByRole('heading', { level: 1 }).waitFor()
      await take(page, name)
    }
    await page.close()
  }
} finally {
  await browser.close()
  await grantry.close()
}

async function take(page: Page, name: string, { dark = false } = {}): Promise<void> {
  await shoot(page, `${name}.png`, desktop)
  if (dark) {
    await page.emulateMedia({ colorScheme: 'dark' })
    await shoot(page, `${name}.dark.png`, desktop)
    await page.emulateMedia({ colorScheme: 'light' })
  }
  await shoot(page, `${name}.phone.png`, phone)
}

async function shoot(page: Page, file: string, viewport: { width: number; height: number }): Promise<void> {
  await page.setViewportSize(viewport)
  // Charts and lists draw what fits when they have seen the width.
  for (let frame = 0; frame < 4; frame++)
    await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))')
  const png = shrinkPng(await page.screenshot({ animations: 'disabled', caret: 'hide' }))
  writeFileSync(`${folder}${file}`, png)
  console.log(`${file} ${Math.round(png.length / 1000)} kB`)
}
