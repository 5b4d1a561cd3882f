import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { buildConnect } from '../../scripts/build-connect.ts'
import { launchChromium } from '../support/chromium.ts'
import { addSandboxIntegration } from '../support/connecting.ts'
import { freePort, startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { samplesOf } from '../support/samples.ts'
import { runProgram } from '../support/shell.ts'

// docs/browser.md as somebody follows it: its server, its two pages, in a browser.
let folder: string
let grantry: TestGrantry
let server: ChildProcess
let browser: Browser
let ours: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'grantry-guide-'))
  grantry = await startTestGrantry()
  await addSandboxIntegration(grantry, 'gmail')
  const port = await freePort()
  ours = `http://localhost:${port}`
  const samples = await samplesOf('browser.md')
  expect(samples.map(({ language }) => language)).toEqual(['sh', 'js', 'html', 'html', 'jsx'])
  const [allow, app, settings, returned] = samples.map(({ source }) =>
    source.replaceAll('http://localhost:7001', grantry.url).replaceAll('3000', String(port)),
  ) as [string, string, string, string]
  const env = { GRANTRY_URL: grantry.url, GRANTRY_API_KEY: grantry.apiKey }
  expect(await runProgram('sh', ['-euc', allow], { env })).toMatchObject({ code: 0 })

  await buildConnect(join(folder, 'public/connect-library'))
  mkdirSync(join(folder, 'public'), { recursive: true })
  writeFileSync(join(folder, 'public/settings.html'), settings)
  writeFileSync(join(folder, 'public/returned.html'), returned)
  writeFileSync(join(folder, 'app.mjs'), app)
  symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(folder, 'node_modules'))
  server = spawn(process.execPath, ['app.mjs'], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await vi.waitFor(async () => expect((await fetch(`${ours}/settings.html`)).status).toBe(200), {
    timeout: 20_000,
  })
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  server?.kill()
  await grantry?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('by popup, ended by the server', async () => {
  const page = await browser.newPage()
  await page.goto(`${ours}/settings.html`)
  const opened = page.waitForEvent('popup')
  await page.getByRole('button').click()
  const popup = await opened
  await popup.getByRole('button', { name: 'Allow' }).click()
  await page.getByText(/^Gmail is connected: con_/).waitFor()
  await expect.poll(() => popup.isClosed()).toBe(true)
  await page.close()
})

test('by a script tag and redirect, ended by the page', async () => {
  const page = await browser.newPage()
  await page.goto(`${ours}/returned.html`)
  await page.getByRole('button').click()
  await page.getByRole('button', { name: 'Allow' }).click()
  await page.getByText(/^Gmail is connected: con_/).waitFor()
  expect(page.url()).toBe(`${ours}/returned.html`)
  await page.close()
})
