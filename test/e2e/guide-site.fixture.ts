import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, vi } from 'vitest'
import { freePort, type TestGrantry } from '../support/grantry.ts'
import { samplesOf } from '../support/samples.ts'
import { runProgram } from '../support/shell.ts'

/**
 * docs/browser.md as somebody follows it: what is to be done once, its server as a program, its two pages.
 * @param library the built package
 */
export async function startGuideSite(grantry: TestGrantry, library: string) {
  const folder = mkdtempSync(join(tmpdir(), 'grantry-guide-'))
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const samples = await samplesOf('browser.md')
  expect(samples.map(({ language }) => language)).toEqual(['sh', 'js', 'html', 'html', 'jsx'])
  const [allow, app, settings, returned] = samples.map(({ source }) =>
    source.replaceAll('http://localhost:7001', grantry.url).replaceAll('3000', String(port)),
  ) as [string, string, string, string]
  const env = { GRANTRY_URL: grantry.url, GRANTRY_API_KEY: grantry.apiKey }
  expect(await runProgram('sh', ['-euc', allow], { env })).toMatchObject({ code: 0 })

  mkdirSync(join(folder, 'public'))
  cpSync(library, join(folder, 'public/connect-library'), { recursive: true })
  writeFileSync(join(folder, 'public/settings.html'), settings)
  writeFileSync(join(folder, 'public/returned.html'), returned)
  writeFileSync(join(folder, 'app.mjs'), app)
  symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(folder, 'node_modules'))
  const server = spawn(process.execPath, ['app.mjs'], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const close = () => {
    server.kill()
    rmSync(folder, { recursive: true, force: true })
  }
  const served = async () => expect((await fetch(`${origin}/settings.html`)).status).toBe(200)
  await vi.waitFor(served, { timeout: 20_000 }).catch((error) => {
    close()
    throw error
  })
  return { origin, close }
}
