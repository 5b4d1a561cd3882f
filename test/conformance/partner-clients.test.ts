import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from '../support/browser.ts'
import { eachDatabase } from '../support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { addClient, addMember, allow } from '../support/partner-app.ts'
import { findPython } from '../support/python.ts'
import { withOauth4webapi } from './partner-clients/oauth4webapi.ts'
import { withOpenidClient } from './partner-clients/openid-client.ts'
import type { AuthMethod, Library, PartnerClient, Tokens } from './partner-clients/partner-client.ts'
import { withPassportOauth2 } from './partner-clients/passport-oauth2.ts'
import { type PythonClients, pythonLibraries, startPythonClients } from './partner-clients/python.ts'
import { withSimpleOauth2 } from './partner-clients/simple-oauth2.ts'

const python = await findPython()
if ('missing' in python) console.warn(`Python's clients are skipped: ${python.missing}.`)

const started = new Map<string, PythonClients>()
const clientsOf = (module: string): PythonClients => {
  const running =
    started.get(module) ??
    startPythonClients(
      'path' in python ? python.path : '',
      module as Parameters<typeof startPythonClients>[1],
    )
  started.set(module, running)
  return running
}
afterAll(async () => {
  await Promise.all([...started.values()].map((clients) => clients.close()))
})

const libraries: (Library & { skipped?: boolean })[] = [
  withOauth4webapi,
  withOpenidClient,
  withPassportOauth2,
  withSimpleOauth2,
  ...pythonLibraries(clientsOf).map((library) => ({ ...library, skipped: 'missing' in python })),
]

// Each library registers as a partner app does, is allowed by a person in a browser, and works with what it got.
eachDatabase('partner apps', (open) => {
  let grantry: TestGrantry
  let browser: Browser

  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url })
    browser = (await addMember(grantry)).browser
  })
  afterAll(() => grantry?.close())

  /** The person allows it; returns what the redirect URI is called with. */
  const consent = async (client: PartnerClient) => {
    const back = await allow(browser, await client.begin())
    expect(back.searchParams.get('code')).toBeTruthy()
    return back
  }
  const status = async ({ accessToken }: Tokens) =>
    (await grantry.call('GET', '/api/v1/account', undefined, { key: accessToken })).status
  const issued = async () => {
    const { count } = await grantry.ctx.db
      .selectFrom('oauth_records')
      .select(({ fn }) => fn.countAll<number | string>().as('count'))
      .where('model', 'in', ['AccessToken', 'RefreshToken'])
      .executeTakeFirstOrThrow()
    return Number(count)
  }
  /** What it throws, with everything that it says. */
  const failure = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'did not fail',
      (error: unknown) => inspect(error, { depth: 5 }),
    )

  for (const library of libraries)
    describe.skipIf(library.skipped)(library.name, () => {
      describe.each(library.methods)('by %s', (method: AuthMethod) => {
        const register = async () => {
          const redirectUri = 'https://partner.example/callback'
          const client = await addClient(grantry, { method, redirectUri })
          const scope = 'openid email account:read connections:read'
          return () => library.open({ issuer: grantry.url, client, method, scope })
        }

        test('code with PKCE, refresh, revoke', async () => {
          const client = await (await register())()
          const first = await client.finish((await consent(client)).href)
          expect(await status(first)).toBe(200)
          const second = await client.refresh(first)
          expect(second.accessToken).not.toBe(first.accessToken)
          expect(second.refreshToken).not.toBe(first.refreshToken)
          expect(await status(second)).toBe(200)
          await client.revoke(second)
          expect([await status(first), await status(second)]).toEqual([401, 401])
          expect(await failure(client.refresh(second))).toContain('invalid_grant')
        })

        test('a code of another flow of the same app is of no use: it goes with another verifier', async () => {
          const openClient = await register()
          const [mine, other] = [await openClient(), await openClient()]
          const back = await consent(mine)
          back.searchParams.set('code', (await consent(other)).searchParams.get('code')!)
          const before = await issued()
          expect(await failure(mine.finish(back.href))).toContain('invalid_grant')
          expect(await issued()).toBe(before)
        })

        test.skipIf(!library.checks.includes('state'))(
          'it refuses an answer with another state',
          async () => {
            const client = await (await register())()
            const back = await consent(client)
            back.searchParams.set('state', 'of-somebody-else')
            const before = await issued()
            expect(await failure(client.finish(back.href))).toMatch(/state/i)
            expect(await issued()).toBe(before)
          },
        )

        test.skipIf(!library.checks.includes('iss'))(
          'it refuses an answer of another issuer, or of none (RFC 9207)',
          async () => {
            const client = await (await register())()
            const back = await consent(client)
            const before = await issued()
            expect(back.searchParams.get('iss')).toBe(grantry.url)
            back.searchParams.set('iss', 'https://as.attacker.example')
            expect(await failure(client.finish(back.href))).toMatch(/iss/)
            back.searchParams.delete('iss')
            expect(await failure(client.finish(back.href))).toMatch(/iss/)
            expect(await issued()).toBe(before)
          },
        )
      })
    })
})
