import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { createHome } from '../../../test/support/cli.ts'
import { openBrowser } from './open-browser.ts'

test('the browser gets the address and none of our credentials', async () => {
  const home = await createHome()
  const script = '#!/bin/sh\n{ echo "$1"; env; echo end; } > opened\nmv opened done\n'
  await writeFile(
    join(home, 'browser'),
    script.replaceAll(/opened|done/g, (name) => join(home, name)),
    { mode: 0o755 },
  )
  const env = {
    PATH: process.env.PATH,
    BROWSER: join(home, 'browser'),
    GRANTRY_API_KEY: 'gky_mine',
    KEPT: '1',
  }
  expect(await openBrowser('http://localhost:1/x?a=$(b)&c', env)).toBe(true)
  const seen = await vi.waitFor(() => readFile(join(home, 'done'), 'utf8'), 20_000)
  expect(seen).toMatch(/^http:\/\/localhost:1\/x\?a=\$\(b\)&c\n/)
  expect(seen).toContain('KEPT=1')
  expect(seen).not.toContain('GRANTRY_')
})

test.each([
  ['no display and no browser named', 'https://a.example', {}],
  ['a browser that is not there', 'https://a.example', { BROWSER: '/nowhere/browser' }],
  ['what is no web page', 'file:///etc/passwd', { BROWSER: '/bin/true' }],
])('%s: the address is for the person to open', async (_what, url, env) => {
  if (process.platform !== 'linux' && Object.keys(env).length === 0) return
  expect(await openBrowser(url, env)).toBe(false)
})
