import { randomBytes } from 'node:crypto'
import { decodeId } from '@grantry/api'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorkspace } from '../../../../test/security/tenant.ts'
import { addSandboxIntegration } from '../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import {
  addPlainIntegration,
  importTokens,
  mintTokens,
  passTime,
} from '../../../../test/support/importing.ts'
import {
  addClient,
  addMember,
  type Client,
  firstWorkspace,
  obtain,
  token,
} from '../../../../test/support/partner-app.ts'
import { hashCredential } from '../vault/credential.ts'
import { insertGrant, insertRecord } from './records.fixture.ts'
import { type Subject, writeSubject } from './subject.ts'

const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange'
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'
const reading = {
  method: 'client_secret_basic',
  grant_types: ['authorization_code', 'refresh_token', exchange],
}

eachDatabase('token exchange', (open) => {
  let grantry: TestGrantry
  let client: Client
  let gmail: string
  let plain: string
  /** Of the end user u1 at Gmail, of u1 at plain, of u2 at Gmail, and the workspace's own at Gmail. */
  let u1Gmail: string
  let u1Plain: string
  let u2Gmail: string
  let own: string

  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url, world: { background: false } })
    client = await addClient(grantry, { ...reading, scope: 'account:read tokens:read connections:read' })
    gmail = (await addSandboxIntegration(grantry, 'gmail')).id
    plain = (await addPlainIntegration(grantry)).id
    const imported = async (integration: string, secret: string, user: string | null, scope?: string) => {
      const tokens = { access_token: secret, ...(scope ? { scope } : {}) }
      const body = { integration, tokens, ...(user ? { end_user: { id: user } } : {}) }
      return (await grantry.call('POST', '/api/v1/connections', body)).body.data.id
    }
    u1Gmail = await imported(gmail, 'the-token-of-u1', 'u1', 'mail.read mail.send')
    u2Gmail = await imported(gmail, 'the-token-of-u2', 'u2')
    own = await imported(gmail, 'the-token-of-all', null)
    const { refresh_token } = await mintTokens(grantry)
    u1Plain = (await importTokens(grantry, plain, { refresh_token })).id
  })
  afterAll(() => grantry?.close())

  const endUser = (id: string): Subject => ({ workspace: firstWorkspace, kind: 'end_user', endUser: id })

  /** An access token as the core would have issued it. */
  async function issue(
    subject: Subject | null,
    more: { by?: Client; scope?: string; audience?: string; connections?: string[] } = {},
  ) {
    const { by = client, scope = 'account:read tokens:read', audience = grantry.url, connections } = more
    const text = `gat_${randomBytes(32).toString('base64url')}`
    const grant = subject
      ? await insertGrant(grantry.ctx.db, {
          workspace: subject.workspace,
          client: by.id,
          subject,
          connections: connections ? JSON.stringify(connections.map((id) => decodeId('con', id))) : null,
        })
      : null
    await insertRecord(grantry.ctx.db, {
      model: subject ? 'AccessToken' : 'ClientCredentials',
      id: hashCredential(text),
      client: by.id,
      grant: grant?.hash ?? null,
      now: grantry.clock.now(),
      payload: {
        ...(subject ? { accountId: writeSubject(subject) } : {}),
        scope,
        aud: audience,
        clientId: by.id,
      },
    })
    return text
  }
  const ask = (fields: Record<string, string>, by = client) =>
    token(grantry.url, by, { grant_type: exchange, subject_token_type: accessTokenType, ...fields })
  const events = async () =>
    (await grantry.call('GET', '/api/v1/events?type=token.read&limit=200')).body.data as {
      actor: { kind: string }
      connection_id: string
    }[]

  test('gives an independent client the provider’s token, and writes down that it was read', async () => {
    const insecure = { [oauth.allowInsecureRequests]: true } as const
    const issuer = new URL(grantry.url)
    const found = await oauth.discoveryRequest(issuer, { ...insecure, algorithm: 'oauth2' })
    const server = await oauth.processDiscoveryResponse(issuer, found)
    expect(server.grant_types_supported).toContain(exchange)
    const subject_token = await issue(endUser('u1'))
    const before = (await events()).length
    const answer = await oauth.genericTokenEndpointRequest(
      server,
      { client_id: client.id },
      oauth.ClientSecretBasic(client.secret!),
      exchange,
      new URLSearchParams({ subject_token, subject_token_type: accessTokenType, audience: 'gmail' }),
      insecure,
    )
    expect(answer.headers.get('cache-control')).toContain('no-store')
    const body = await oauth.processGenericTokenEndpointResponse(server, { client_id: client.id }, answer)
    expect(body).toMatchObject({
      access_token: 'the-token-of-u1',
      issued_token_type: accessTokenType,
      token_type: 'bearer',
      scope: 'mail.read mail.send',
    })
    const read = await events()
    expect(read).toHaveLength(before + 1)
    expect(read[0]).toMatchObject({ actor: { kind: 'oauth_client' }, connection_id: u1Gmail })
    const used = grantry.ctx.db
      .selectFrom('oauth_records')
      .select('used_at')
      .where('id_hash', '=', hashCredential(subject_token))
    expect((await used.executeTakeFirst())!.used_at).not.toBeNull()
  })

  test('takes a provider, an integration, a connection, or a connection’s address for the target', async () => {
    const subject_token = await issue(endUser('u1'))
    for (const target of [
      { audience: 'gmail' },
      { audience: gmail },
      { audience: u1Gmail },
      { resource: `${grantry.url}/api/v1/connections/${u1Gmail}` },
    ]) {
      const { status, body } = await ask({ subject_token, ...target } as Record<string, string>)
      expect([status, body.access_token], JSON.stringify(target)).toEqual([200, 'the-token-of-u1'])
    }
    const fresh = (await ask({ subject_token, audience: plain })).body
    expect(fresh.expires_in).toBeGreaterThan(3500)
    expect(Number.isInteger(fresh.expires_in)).toBe(true)
    expect(fresh.scope).toBe('read')
  })

  test('reaches what the person chose, and of an app in its own name the workspace’s own', async () => {
    const { member, browser } = await addMember(grantry)
    expect(member).toBeTruthy()
    const tokens = await obtain(
      grantry,
      client,
      browser,
      { scope: 'tokens:read' },
      { connection: decodeId('con', u2Gmail)! },
    )
    const by = (audience: string) => ask({ subject_token: tokens.access_token, audience })
    expect((await by('gmail')).body.access_token).toBe('the-token-of-u2')
    for (const target of [u1Gmail, own, u1Plain, plain])
      expect((await by(target)).body.error, target).toBe('invalid_target')

    const machine = await addClient(grantry, {
      ...reading,
      grant_types: ['client_credentials', exchange],
      scope: 'tokens:read',
    })
    const { body } = await token(grantry.url, machine, {
      grant_type: 'client_credentials',
      scope: 'tokens:read',
    })
    const itself = await ask({ subject_token: body.access_token, audience: 'gmail' }, machine)
    expect(itself.body).toMatchObject({ access_token: 'the-token-of-all' })
  })

  test('answers alike for what is not there, is another’s, has ended, or was not chosen', async () => {
    const ended = await grantry.call('POST', '/api/v1/connections', {
      integration: gmail,
      end_user: { id: 'u1' },
      tokens: { access_token: 'x' },
      metadata: { n: '1' },
    })
    expect(ended.status).toBe(201)
    const theirs = await createWorkspace(grantry, 'theirs')
    const foreign = await grantry.call(
      'POST',
      '/api/v1/integrations',
      {
        label: 'x',
        provider: 'gmail',
        client_id: 'x',
        client_secret: 'x',
        validate: false,
      },
      { key: theirs },
    )
    const before = await events()
    const narrow = await issue(endUser('u1'), { connections: [u1Plain] })
    const whole = await issue(endUser('u1'))
    const answers = [
      await ask({ subject_token: whole, audience: 'unheard-of' }),
      await ask({ subject_token: whole, audience: 'con_00000000000000000000000000' }),
      await ask({ subject_token: whole, audience: 'con_x' }),
      await ask({ subject_token: whole, audience: '' }),
      await ask({ subject_token: whole, audience: u2Gmail }),
      await ask({ subject_token: whole, audience: own }),
      await ask({ subject_token: whole, audience: foreign.body.data.id }),
      await ask({ subject_token: whole, resource: 'https://gmail.googleapis.com/' }),
      await ask({ subject_token: whole, resource: `${grantry.url}/api/v1/connections/${u2Gmail}` }),
      await ask({ subject_token: whole, resource: `${grantry.url}/api/v1/connections/gmail` }),
      await ask({ subject_token: narrow, audience: 'gmail' }),
      await ask({ subject_token: narrow, audience: u1Gmail }),
    ]
    for (const [i, { status, body }] of answers.entries()) {
      if (i === 3) continue
      expect([i, status, body.error]).toEqual([i, 400, 'invalid_target'])
      expect(body).toEqual(answers[0]!.body)
    }
    expect(answers[3]!.status).toBe(400)
    await grantry.call('DELETE', `/api/v1/connections/${ended.body.data.id}`)
    expect((await ask({ subject_token: whole, audience: ended.body.data.id })).body).toEqual(answers[0]!.body)
    expect(await events()).toEqual(before)
  })

  test('names those that fit where there are several', async () => {
    const user = endUser('u3')
    const made = []
    for (const account of ['one', 'two'])
      made.push(
        (
          await importTokens(
            grantry,
            gmail,
            { access_token: account },
            { end_user: { id: 'u3' }, metadata: { account } },
          )
        ).id,
      )
    const subject_token = await issue(user)
    expect(new Set(made).size).toBe(2)
    const { body } = await ask({ subject_token, audience: 'gmail' })
    expect(body.error).toBe('invalid_target')
    for (const id of made) expect(body.error_description).toContain(id)
    expect((await ask({ subject_token, audience: made[0]! })).body.access_token).toBe('one')
  })

  test('gives the scopes that there are, or nothing', async () => {
    const subject_token = await issue(endUser('u1'))
    expect((await ask({ subject_token, audience: 'gmail', scope: 'mail.read' })).status).toBe(200)
    const before = await events()
    const more = await ask({ subject_token, audience: 'gmail', scope: 'mail.read mail.delete' })
    expect(more.body).toMatchObject({ error: 'invalid_scope', scope: 'mail.delete' })
    const unknown = await issue(endUser('u2'))
    expect((await ask({ subject_token: unknown, audience: 'gmail', scope: 'mail.read' })).body.error).toBe(
      'invalid_scope',
    )
    expect(await events()).toEqual(before)
  })

  test('is for the client that the token was issued to, if it can keep a secret and was registered beforehand', async () => {
    const scope = 'account:read tokens:read'
    const other = await addClient(grantry, { ...reading, scope })
    const publicly = await addClient(grantry, {
      grant_types: ['authorization_code', exchange],
      scope: 'account:read',
    })
    const without = await addClient(grantry, { method: 'client_secret_basic', scope })
    const registered = await addClient(grantry, { ...reading, scope })
    await grantry.ctx.db
      .updateTable('oauth_clients')
      .set({ origin: 'registered' })
      .where('client_id', '=', registered.id)
      .execute()
    const subject = endUser('u1')
    const mine = await issue(subject)
    const before = await events()
    for (const [what, by, subject_token, error] of [
      ['another client', other, mine, 'invalid_request'],
      ['a public client', publicly, await issue(subject, { by: publicly }), 'unauthorized_client'],
      ['one without the grant type', without, await issue(subject, { by: without }), 'unauthorized_client'],
      [
        'one that registered itself',
        registered,
        await issue(subject, { by: registered }),
        'unauthorized_client',
      ],
      ['a wrong secret', { ...client, secret: 'gcs_x' }, mine, 'invalid_client'],
      ['no such token', client, 'gat_x', 'invalid_request'],
      ['an API key', client, grantry.apiKey, 'invalid_request'],
      [
        'an MCP server’s token',
        client,
        await issue(subject, { audience: `${grantry.url}/mcp/mcp_x` }),
        'invalid_request',
      ],
      ['a token without the scope', client, await issue(subject, { scope: 'account:read' }), 'invalid_scope'],
    ] as const) {
      const { body } = await ask({ subject_token, audience: 'gmail' }, by as Client)
      expect([what, body.error]).toEqual([what, error])
      expect(JSON.stringify(body)).not.toContain('the-token-of')
    }
    expect(await events()).toEqual(before)
  })

  test('ends with what the person allowed', async () => {
    const by = await addClient(grantry, { ...reading, scope: 'tokens:read' })
    const mine = await issue(endUser('u1'), { by, scope: 'tokens:read' })
    expect((await ask({ subject_token: mine, audience: 'gmail' }, by)).status).toBe(200)
    const [{ id }] = (await grantry.call('GET', `/api/v1/authorized-apps?client_id=${by.id}`)).body.data
    await grantry.call('DELETE', `/api/v1/authorized-apps/${id}`)
    expect((await ask({ subject_token: mine, audience: 'gmail' }, by)).body.error).toBe('invalid_request')
  })

  test.each([
    ['no subject token', { subject_token: '' }],
    ['another subject token type', { subject_token_type: 'urn:ietf:params:oauth:token-type:jwt' }],
    ['no subject token type', { subject_token_type: '' }],
    ['no target', { audience: undefined }],
    ['two kinds of target', { resource: 'https://gmail.googleapis.com/' }],
    ['an actor', { actor_token: 'gat_x', actor_token_type: accessTokenType }],
    ['the type of an actor', { actor_token_type: accessTokenType }],
    ['a refresh token', { requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' }],
  ])('refuses %s: invalid_request', async (_what, change) => {
    const fields = { subject_token: await issue(endUser('u1')), audience: 'gmail', ...change }
    const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined)
    const { status, body } = await ask(Object.fromEntries(given))
    expect([status, body.error]).toEqual([400, 'invalid_request'])
  })

  test('refuses a target that is named twice', async () => {
    const subject_token = await issue(endUser('u1'))
    const twice = new URLSearchParams({
      grant_type: exchange,
      subject_token,
      subject_token_type: accessTokenType,
    })
    twice.append('audience', 'gmail')
    twice.append('audience', u1Plain)
    const answer = await fetch(`${grantry.url}/v1/oauth/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: twice.toString(),
    })
    expect(await answer.json()).toMatchObject({ error: 'invalid_request' })
  })

  test('says that the person must come again where the grant has ended, and when to come back where the provider is down', async () => {
    const { control } = grantry.sandbox!
    const { refresh_token } = await mintTokens(grantry)
    const { id } = await importTokens(grantry, plain, { refresh_token }, { end_user: { id: 'u4' } })
    passTime(grantry, 3700)
    const subject_token = await issue(endUser('u4'))
    control.fault({ fault: 'status', status: 503, endpoint: 'token', times: 'forever' })
    const down = await ask({ subject_token, audience: id })
    expect([down.status, down.body.error]).toEqual([503, 'temporarily_unavailable'])
    expect(Number(down.headers.get('retry-after'))).toBeGreaterThan(0)
    control.clearFaults()
    await grantry.ctx.db
      .updateTable('connections')
      .set({ status: 'needs_reauth', reason: 'invalid_grant' })
      .where('id', '=', decodeId('con', id)!)
      .execute()
    const gone = await ask({ subject_token, audience: id })
    expect([gone.status, gone.body.error]).toEqual([400, 'invalid_target'])
    expect(gone.body.error_description).toMatch(/connect this account again/)
  })

  test('gives nothing where it cannot be written down that it was given', async () => {
    const subject_token = await issue(endUser('u1'))
    expect((await ask({ subject_token, audience: 'gmail' })).status).toBe(200)
    const { db } = grantry.ctx
    await db.schema.alterTable('events').renameTo('events_away').execute()
    try {
      const answer = await ask({ subject_token, audience: 'gmail' })
      expect(answer.status).toBeGreaterThanOrEqual(500)
      expect(JSON.stringify(answer.body)).not.toContain('the-token-of')
    } finally {
      await db.schema.alterTable('events_away').renameTo('events').execute()
    }
  })

  test('notes that the client is in use', async () => {
    const used = await addClient(grantry, { ...reading, scope: 'tokens:read' })
    await ask(
      { subject_token: await issue(endUser('u1'), { by: used, scope: 'tokens:read' }), audience: 'gmail' },
      used,
    )
    const last = async () =>
      (await grantry.call('GET', `/api/v1/oauth-clients/${used.id}`)).body.data.last_used_at
    await expect.poll(last).not.toBeNull()
  })
})
