import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from './support/chromium.ts'
import { freePort, freePorts } from './support/free-port.ts'

// The example as somebody starts it: one command, and a browser.
let child: ChildProcess
let browser: Browser
let page: Page
let shop: string
const complaints: string[] = []

beforeAll(async () => {
  const port = await freePort()
  shop = `http://localhost:${port}`
  const outside = Object.entries(process.env).filter(([name]) => !name.startsWith('GRANTRY_'))
  child = spawn(process.execPath, [fileURLToPath(new URL('../examples/shop/start.mjs', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...Object.fromEntries(outside),
      SHOP_PORT: String(port),
      GRANTRY_URL: `http://localhost:${await freePorts()}`,
    },
  })
  const [said] = (await Promise.race([once(child.stdout!, 'data'), once(child, 'exit')])) as [unknown]
  expect(String(said)).toContain(`Shop     ${shop}`)
  browser = await launchChromium()
  page = await browser.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
}, 90_000)

afterAll(async () => {
  await browser?.close()
  if (!child || child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill()
  // It takes its Grantry with it.
  expect(await ended).toEqual([0, null])
})

const section = (name: string) => page.locator('section').filter({ has: page.getByRole('heading', { name }) })

test('a customer signs in at the shop, and nobody else gets in', async () => {
  await page.goto(`${shop}/account`)
  expect(page.url()).toBe(`${shop}/sign-in`)
  await page.getByLabel('Email').fill('ada@example.com')
  await page.getByLabel('Password').fill('coffee')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').waitFor()
  expect(complaints.splice(0)).toEqual([expect.stringContaining('401')])
  await page.getByLabel('Password').fill('earl grey')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor()
  // Until its script runs, the button is a link and goes by redirect.
  await page.waitForLoadState()
})

test('by popup: what the customer allows is used, after they said no and thought again', async () => {
  const open = async () => {
    const opened = page.waitForEvent('popup')
    await section('Gmail').getByRole('link', { name: 'Connect Gmail' }).click()
    return opened
  }
  await (await open()).getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('alert').filter({ hasText: 'You said no' }).waitFor()
  const popup = await open()
  const closed = popup.waitForEvent('close')
  await popup.getByRole('button', { name: 'Allow' }).click()
  await closed
  await section('Gmail').getByText('Connected as ada@example.com').waitFor()
  await section('Gmail').getByRole('listitem').first().waitFor()
  expect(page.url()).toBe(`${shop}/account`)
})

test('by redirect, and without script', async () => {
  await section('Google Calendar').getByRole('link', { name: 'Connect Google Calendar' }).click()
  await page.getByRole('button', { name: 'Allow' }).click()
  await section('Google Calendar').getByText('Connected as ada@example.com').waitFor()
})

test('disconnects; another customer sees none of it', async () => {
  await section('Gmail').getByRole('button', { name: 'Disconnect' }).click()
  await section('Gmail').getByRole('link', { name: 'Connect Gmail' }).waitFor()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByLabel('Email').fill('grace@example.com')
  await page.getByLabel('Password').fill('earl grey')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Grace Hopper' }).waitFor()
  await section('Google Calendar').getByRole('link', { name: 'Connect Google Calendar' }).waitFor()
  expect(complaints).toEqual([])
})
