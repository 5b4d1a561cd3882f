import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from '../../../../test/support/browser.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import {
  addClient,
  addMember,
  authorizationUrl,
  type Client,
  obtain,
  token,
} from '../../../../test/support/partner-app.ts'

eachDatabase('token endpoint', (open) => {
  let grantry: TestGrantry
  let browser: Browser
  let client: Client

  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url })
    browser = (await addMember(grantry)).browser
    client = await addClient(grantry)
  })
  afterAll(() => grantry?.close())
  const refresh = (refreshToken: string, by = client, more: Record<string, string> = {}) =>
    token(grantry.url, by, { grant_type: 'refresh_token', refresh_token: refreshToken, ...more })

  describe('a token request', () => {
    test('a consent gives tokens with prefixes, and they are opaque', async () => {
      const page = await browser.open(authorizationUrl(grantry.url, client))
      expect(page.text).toContain('Allow Partner')
      const tokens = await obtain(grantry, client, browser)
      expect(tokens).toMatchObject({
        access_token: expect.stringMatching(/^gat_/),
        refresh_token: expect.stringMatching(/^grt_/),
        expires_in: 900,
        token_type: 'Bearer',
        scope: 'account:read connections:read',
      })
    })
    test('50 refreshes of one token at once make one successor', async () => {
      const { refresh_token } = await obtain(grantry, client, browser)
      const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(refresh_token)))
      expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200))
      expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(1)
    })
  })
})
