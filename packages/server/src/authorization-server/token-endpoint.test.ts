import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../../../../test/support/browser.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import {
  addClient,
  addMember,
  allow,
  authorizationUrl,
  type Client,
  obtain,
  token,
  verifier,
} from '../../../../test/support/partner-app.ts'
import { type ServerProcess, startServerProcess } from '../../../../test/support/server-process.ts'

eachDatabase('the token endpoint', (open) => {
  let grantry: TestGrantry
  /** On PostgreSQL a second process over the same database; a SQLite file belongs to one. */
  let second: ServerProcess | null = null
  let browser: Browser
  let client: Client

  beforeAll(async () => {
    const encryptionKey = randomBytes(32).toString('base64')
    grantry = await startTestGrantry({ databaseUrl: open.url, encryptionKey })
    if (open.dialect === 'postgres')
      second = await startServerProcess({
        GRANTRY_DATABASE_URL: open.url,
        GRANTRY_DATA_DIR: grantry.dataDir,
        GRANTRY_ENCRYPTION_KEY: encryptionKey,
        GRANTRY_BOOTSTRAP_API_KEY: grantry.apiKey,
        GRANTRY_PUBLIC_URL: grantry.url,
      })
    browser = (await addMember(grantry)).browser
    client = await addClient(grantry)
  })
  afterAll(async () => {
    await second?.end()
    await grantry?.close()
  })

  const refresh = (refreshToken: string, more: Record<string, string> = {}, by = client, at = grantry.url) =>
    token(at, by, { grant_type: 'refresh_token', refresh_token: refreshToken, ...more })
  const lives = async (accessToken: string) =>
    (await grantry.call('GET', '/api/v1/account', undefined, { key: accessToken })).status === 200
  const otherUrl = () => second?.url ?? grantry.url

  test('a consent gives opaque tokens with prefixes, for 15 minutes, and none of them is in the database', async () => {
    const tokens = await obtain(grantry, client, browser)
    expect(tokens).toMatchObject({
      access_token: expect.stringMatching(/^gat_[\w-]{43}$/),
      refresh_token: expect.stringMatching(/^grt_[\w-]{43}$/),
      expires_in: 900,
      token_type: 'Bearer',
      scope: 'account:read connections:read',
    })
    expect(await lives(tokens.access_token)).toBe(true)
    const rows = JSON.stringify(await grantry.ctx.db.selectFrom('oauth_records').selectAll().execute())
    for (const secret of [tokens.access_token, tokens.refresh_token]) {
      expect(rows).not.toContain(secret)
      expect(rows).not.toContain(secret.slice(4))
      expect(grantry.logs()).not.toContain(secret.slice(4))
    }
    for (const cookie of browser.cookies.values()) expect(rows).not.toContain(cookie)
  })

  describe('rotation', () => {
    let first: Awaited<ReturnType<typeof obtain>>
    beforeEach(async () => {
      first = await obtain(grantry, client, browser)
    })

    test('50 refreshes of one token at once, at two processes, make one lineage', async () => {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          refresh(first.refresh_token, {}, client, i % 2 ? grantry.url : otherUrl()),
        ),
      )
      expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200))
      const pairs = answers.map(({ body }) => `${body.access_token} ${body.refresh_token}`)
      expect(new Set(pairs).size).toBe(1)
      expect(await lives(answers[0]!.body.access_token)).toBe(true)
      const next = await refresh(answers[0]!.body.refresh_token)
      expect(next.status).toBe(200)
      const open = await grantry.ctx.db
        .selectFrom('oauth_records')
        .select('id_hash')
        .where('model', '=', 'RefreshToken')
        .where('consumed_at', 'is', null)
        .where('payload', 'like', '%"rotations":2%')
        .execute()
      expect(open).toHaveLength(1)
    })

    test('a retry within 30 s gets the same answer, at another process too', async () => {
      const one = await refresh(first.refresh_token)
      grantry.clock.advance(20)
      const two = await refresh(first.refresh_token)
      expect(two.body).toEqual(one.body)
      grantry.clock.advance(-20)
      const three = await refresh(first.refresh_token, {}, client, otherUrl())
      expect(three.body).toEqual(one.body)
      expect((await refresh(one.body.refresh_token)).status).toBe(200)
    })

    test('a retry after 30 s ends the family', async () => {
      const one = await refresh(first.refresh_token)
      grantry.clock.advance(31)
      const again = await refresh(first.refresh_token)
      expect([again.status, again.body.error]).toEqual([400, 'invalid_grant'])
      expect(await lives(one.body.access_token)).toBe(false)
      expect((await refresh(one.body.refresh_token)).body.error).toBe('invalid_grant')
      grantry.clock.advance(-31)
    })

    test('a retry after the successor was used ends the family', async () => {
      const one = await refresh(first.refresh_token)
      const two = await refresh(one.body.refresh_token)
      expect(two.status).toBe(200)
      expect((await refresh(first.refresh_token)).body.error).toBe('invalid_grant')
      expect((await refresh(two.body.refresh_token)).body.error).toBe('invalid_grant')
      expect(await lives(two.body.access_token)).toBe(false)
    })

    test('a retry after the new access token was shown is refused, and harms nobody', async () => {
      const one = await refresh(first.refresh_token)
      expect(await lives(one.body.access_token)).toBe(true)
      expect((await refresh(first.refresh_token)).body.error).toBe('invalid_grant')
      expect(await lives(one.body.access_token)).toBe(true)
      expect((await refresh(one.body.refresh_token)).status).toBe(200)
    })

    test('a retry that asks for another scope is no retry: the family ends', async () => {
      const one = await refresh(first.refresh_token)
      const two = await refresh(first.refresh_token, { scope: 'account:read' })
      expect(two.body.error).toBe('invalid_grant')
      expect((await refresh(one.body.refresh_token)).body.error).toBe('invalid_grant')
    })

    test('a narrower scope is given once and the rest is not lost', async () => {
      const one = await refresh(first.refresh_token, { scope: 'account:read' })
      expect(one.body.scope).toBe('account:read')
      const two = await refresh(one.body.refresh_token)
      expect(two.body.scope).toBe('account:read connections:read')
      const wider = await refresh(two.body.refresh_token, { scope: 'account:read connections:write' })
      expect([wider.status, wider.body.error]).toEqual([400, 'invalid_scope'])
      // Refused before anything was used up.
      expect((await refresh(two.body.refresh_token)).status).toBe(200)
    })

    test('a refusal that comes late has used nothing up', async () => {
      const elsewhere = await refresh(first.refresh_token, { resource: 'https://elsewhere.example' })
      expect([elsewhere.status, elsewhere.body.error]).toEqual([400, 'invalid_target'])
      grantry.clock.advance(31)
      const next = await refresh(first.refresh_token)
      grantry.clock.advance(-31)
      expect(next.status).toBe(200)
    })

    test('another client that shows it is refused, and the family lives', async () => {
      const thief = await addClient(grantry, { redirectUri: 'https://thief.example/' })
      const stolen = await refresh(first.refresh_token, {}, thief)
      expect([stolen.status, stolen.body.error]).toEqual([400, 'invalid_grant'])
      const one = await refresh(first.refresh_token)
      expect(one.status).toBe(200)
      const used = await refresh(first.refresh_token, {}, thief)
      expect(used.body.error).toBe('invalid_grant')
      expect((await refresh(one.body.refresh_token)).status).toBe(200)
    })

    test('4 generations with 2 siblings each: the newest works, any old one ends them all', async () => {
      let current = first.refresh_token
      const old: string[] = []
      for (let generation = 0; generation < 4; generation++) {
        const siblings = await Promise.all([refresh(current), refresh(current)])
        expect(new Set(siblings.map(({ body }) => body.refresh_token)).size).toBe(1)
        old.push(current)
        current = siblings[0]!.body.refresh_token
      }
      const newest = await refresh(current)
      expect(newest.status).toBe(200)
      expect((await refresh(old[1]!)).body.error).toBe('invalid_grant')
      expect((await refresh(newest.body.refresh_token)).body.error).toBe('invalid_grant')
      expect(await lives(newest.body.access_token)).toBe(false)
    })

    test('what the 30 s answer keeps is sealed, and gone when the successor comes', async () => {
      const one = await refresh(first.refresh_token)
      const kept = () =>
        grantry.ctx.db
          .selectFrom('oauth_records')
          .select('replay')
          .where('model', '=', 'RefreshToken')
          .where('replay', 'is not', null)
          .execute()
      const before = await kept()
      for (const { replay } of before)
        expect(Buffer.from(replay!).toString('latin1')).not.toContain(one.body.access_token)
      await refresh(one.body.refresh_token)
      // Its own answer is kept now, its predecessor's is not.
      expect(await kept()).toHaveLength(before.length)
    })
  })

  describe('a confidential client', () => {
    test('is known by its secret, by Basic and in the body; a retry comes after that', async () => {
      for (const method of ['client_secret_basic', 'client_secret_post']) {
        const app = await addClient(grantry, { method })
        const ask = (fields: Record<string, string>, secret = app.secret!) =>
          method === 'client_secret_basic'
            ? token(grantry.url, { ...app, secret }, fields)
            : token(grantry.url, { ...app, secret: null }, { ...fields, client_secret: secret })
        const back = await allow(browser, authorizationUrl(grantry.url, app))
        const fields = {
          grant_type: 'authorization_code',
          code: back.searchParams.get('code')!,
          redirect_uri: app.redirectUri,
          code_verifier: verifier,
        }
        const wrong = await ask(fields, 'gcs_wrong')
        expect([wrong.status, wrong.body.error]).toEqual([401, 'invalid_client'])
        const { body } = await ask(fields)
        const next = { grant_type: 'refresh_token', refresh_token: body.refresh_token }
        const one = await ask(next)
        expect(one.status).toBe(200)
        expect((await ask(next, 'gcs_wrong')).body.error).toBe('invalid_client')
        expect((await ask(next)).body).toEqual(one.body)
      }
    })

    test('gets a token for itself where that is allowed, and it reaches its own workspace', async () => {
      const app = await addClient(grantry, {
        method: 'client_secret_basic',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        scope: 'connections:read',
      })
      const answer = await token(grantry.url, app, {
        grant_type: 'client_credentials',
        scope: 'connections:read',
      })
      expect(answer.body).toMatchObject({ token_type: 'Bearer', expires_in: 900, scope: 'connections:read' })
      const list = await grantry.call('GET', '/api/v1/connections', undefined, {
        key: answer.body.access_token,
      })
      expect(list.status).toBe(200)
      const account = await grantry.call('GET', '/api/v1/account', undefined, {
        key: answer.body.access_token,
      })
      expect([account.status, account.body.code]).toEqual([403, 'insufficient_scope'])
      const refused = await token(grantry.url, await addClient(grantry, { method: 'client_secret_basic' }), {
        grant_type: 'client_credentials',
      })
      expect([refused.status, refused.body.error]).toEqual([400, 'unauthorized_client'])
    })
  })

  test('a code that ten bring at once gives at most one pair, which dies', async () => {
    const back = await allow(browser, authorizationUrl(grantry.url, client))
    const fields = {
      grant_type: 'authorization_code',
      code: back.searchParams.get('code')!,
      redirect_uri: client.redirectUri,
      code_verifier: verifier,
    }
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => token(i % 2 ? grantry.url : otherUrl(), client, fields)),
    )
    const given = answers.filter(({ status }) => status === 200)
    expect(given.length).toBeLessThanOrEqual(1)
    for (const { body } of answers.filter(({ status }) => status !== 200))
      expect(body.error).toBe('invalid_grant')
    for (const { body } of given) {
      expect(await lives(body.access_token)).toBe(false)
      expect((await refresh(body.refresh_token)).body.error).toBe('invalid_grant')
    }
  })

  test('refresh_token in the address takes refreshing only', async () => {
    const first = await obtain(grantry, client, browser)
    const path = '/v1/oauth/refresh_token'
    const answer = await token(
      grantry.url,
      client,
      { grant_type: 'refresh_token', refresh_token: first.refresh_token },
      { path },
    )
    expect(answer.status).toBe(200)
    const refused = await token(
      grantry.url,
      client,
      { grant_type: 'authorization_code', code: 'x' },
      { path },
    )
    expect([refused.status, refused.body.error]).toEqual([400, 'unsupported_grant_type'])
  })

  // Last: the clock has gone on when it ends.
  test('an access token ends after 15 minutes, a refresh token after 30 days without use', async () => {
    const first = await obtain(grantry, client, browser)
    grantry.clock.advance(899)
    expect(await lives(first.access_token)).toBe(true)
    grantry.clock.advance(2)
    expect(await lives(first.access_token)).toBe(false)
    const day = 86_400
    grantry.clock.advance(29 * day)
    const second = await refresh(first.refresh_token)
    expect(second.status).toBe(200)
    grantry.clock.advance(29 * day)
    const third = await refresh(second.body.refresh_token)
    expect(third.status).toBe(200)
    grantry.clock.advance(30 * day + 60)
    const late = await refresh(third.body.refresh_token)
    expect([late.status, late.body.error]).toEqual([400, 'invalid_grant'])
  })
})
