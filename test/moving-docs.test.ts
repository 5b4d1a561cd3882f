import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createShell, type Shell } from './support/cli-process.ts'
import { startTestGrantry, type TestGrantry } from './support/grantry.ts'
import { addPlainIntegration } from './support/importing.ts'
import { goodPassword, openBrowser } from './support/members.ts'
import { samplesOf } from './support/samples.ts'

const files: Record<string, string> = { csv: 'users.csv', json: 'connections.jsonl', js: 'from-nango.mjs' }

let grantry: TestGrantry
let nango: Server
let shell: Shell
let integration: string

beforeAll(async () => {
  grantry = await startTestGrantry({
    env: { GRANTRY_BOOTSTRAP_OWNER: `owner@example.com:${goodPassword}` },
    world: { background: false },
  })
  integration = (await addPlainIntegration(grantry)).id
  nango = await startNango(130)
  const owner = openBrowser(grantry)
  await owner.post('/sign-in', { email: 'owner@example.com', password: goodPassword })
  const made = await owner.api('POST', '/api-keys', {
    name: 'moving',
    scopes: ['connections:export', 'connections:write', 'integrations:read'],
    expires_at: new Date(grantry.clock.now() + 3_600_000).toISOString(),
  })
  shell = await createShell({
    GRANTRY_URL: grantry.url,
    GRANTRY_API_KEY: made.body.data.secret,
    NANGO_URL: `http://127.0.0.1:${(nango.address() as AddressInfo).port}`,
    NANGO_SECRET_KEY: 'nango-secret',
  })
  // Few machines have age itself.
  await writeFile(join(shell.home, 'age-keygen'), ageKeygen, { mode: 0o755 })
})
afterAll(async () => {
  nango?.close()
  await grantry?.close()
})

test('the samples of docs/moving.md do what they say', { timeout: 120_000 }, async () => {
  const printed: string[] = []
  for (const { language, source } of await samplesOf('moving.md')) {
    const text = source.replaceAll('int_01jd3xqv5me8tvh6w5kq2a9xyz', integration)
    const file = files[language]
    if (file) await writeFile(join(shell.home, file), text)
    else {
      const { code, stdout, stderr } = await shell.start(text).ended
      expect(code, `${text}\n${stdout}${stderr}`).toBe(0)
      printed.push(stdout + stderr)
    }
  }
  const all = printed.join('')
  for (const words of [
    '2 would be imported',
    '2 imported',
    '1 imported',
    '130 imported',
    'Sealed in',
    '133 imported',
  ])
    expect(all).toContain(words)
  expect(all).not.toMatch(/ya29|1\/\/|5Aep|nango-secret/)
  const { body } = await grantry.call('GET', '/api/v1/connections?end_user=u_19')
  expect(body.data[0].metadata).toEqual({ instance_url: 'https://acme.my.salesforce.com' })
  expect((await readFile(join(shell.home, 'report.jsonl'), 'utf8')).split('\n').length).toBe(3)
})

/** Two pages, as Nango answers them; its list tells no credentials. */
function startNango(count: number): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://nango')
    const answer = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body))
    if (request.headers.authorization !== 'Bearer nango-secret') return answer(401, {})
    const id = /^\/connections\/(.+)$/.exec(pathname)?.[1]
    const told = (n: number) => ({
      id: n,
      connection_id: `c/${n}`,
      provider: 'salesforce',
      provider_config_key: 'salesforce-prod',
      metadata: null,
      tags: { end_user_id: `nango-${n}` },
    })
    if (id === undefined) {
      const from = Number(searchParams.get('page')) * Number(searchParams.get('limit'))
      const here = Array.from({ length: count }, (_, n) => told(n)).slice(from, from + 100)
      return answer(200, { connections: here })
    }
    const n = Number(decodeURIComponent(id).slice(2))
    const known = searchParams.get('provider_config_key') === 'salesforce-prod'
    const refresh = searchParams.get('refresh_token') === 'true' ? { refresh_token: `5Aep-${n}` } : {}
    const credentials = {
      type: 'OAUTH2',
      access_token: `ya29.${n}`,
      expires_at: '2099-01-01T00:00:00Z',
      ...refresh,
    }
    return answer(known ? 200 : 404, { ...told(n), connection_config: {}, credentials })
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
}

/** `age-keygen -o FILE` and `age-keygen -y FILE`. */
const ageKeygen = `#!/usr/bin/env node
import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, '../node_modules/age-encryption/dist/index.js')).href)}).then(async (age) => {
  const fs = require('node:fs')
  const [flag, file] = process.argv.slice(2)
  if (flag === '-o') fs.writeFileSync(file, '# created by a test\\n' + (await age.generateIdentity()) + '\\n')
  else console.log(await age.identityToRecipient(fs.readFileSync(file, 'utf8').trim().split('\\n').at(-1)))
})
`
