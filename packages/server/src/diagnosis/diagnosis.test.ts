import type { AddressInfo } from 'node:net'
import { createServer } from 'node:tls'
import { decodeId } from '@grantry/api'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { addSandboxIntegration, connectAccount, startSession } from '../../../../test/support/connecting.ts'
import { freePort } from '../../../../test/support/free-port.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { makeCertificate } from '../egress/certificate.fixture.ts'
import { loadIntegration } from '../integrations/store.ts'
import { diagnose } from './diagnose.ts'
import type { Finding } from './finding.ts'

let grantry: TestGrantry
let workspace: string
let closedPort: number
const selfSigned = createServer(makeCertificate('localhost'), (socket) => socket.end())

beforeAll(async () => {
  closedPort = await freePort()
  await new Promise<void>((done) => selfSigned.listen(0, '127.0.0.1', done))
  grantry = await startTestGrantry({
    world: { egressAllow: `localhost:${closedPort},localhost:${tlsPort()}`, background: false },
  })
  workspace = (await grantry.ctx.db.selectFrom('workspaces').select('id').executeTakeFirstOrThrow()).id
})
afterAll(async () => {
  await grantry?.close()
  selfSigned.close()
})
afterEach(() => {
  grantry.sandbox!.control.clearFaults()
  grantry.sandbox!.control.clock.advance(-grantry.sandbox!.control.clock.offset())
})

const tlsPort = () => (selfSigned.address() as AddressInfo).port
const control = () => grantry.sandbox!.control

/** What is wrong, and whether every check was made. */
async function findings(
  integration: { id: string },
  options: { ask?: boolean; deadlineMs?: number } = {},
): Promise<Finding[]> {
  const loaded = await loadIntegration(grantry.ctx, workspace, decodeId('int', integration.id)!)
  return diagnose(grantry.ctx, loaded, { ask: true, app: null, ...options })
}

async function trouble(...args: Parameters<typeof findings>): Promise<Finding[]> {
  return (await findings(...args)).filter(({ status }) => status === 'failed' || status === 'warning')
}

const unchecked = { validate: false }

/** What is stored may have been good when it was saved. */
async function setRow(integration: { id: string }, set: Record<string, string>) {
  await grantry.ctx.db
    .updateTable('integrations')
    .set(set)
    .where('id', '=', decodeId('int', integration.id)!)
    .execute()
}

/** A connect that ends at the callback with the provider's error. */
async function failConnect(integration: { id: string }, error: string, scopes?: string[]) {
  const session = await startSession(grantry, { integration: integration.id, end_user: { id: 'u' }, scopes })
  const start = await grantry.call('GET', session.connect_url, undefined, { key: null })
  const asked = new URL(start.headers.get('location')!).searchParams
  const back = new URL(asked.get('redirect_uri')!)
  back.searchParams.set('state', asked.get('state')!)
  back.searchParams.set('error', error)
  await grantry.call('GET', back.href, undefined, { key: null })
}

let people = 0
const connect = (integration: { id: string }) =>
  connectAccount(grantry, { integration: integration.id, end_user: { id: `person-${people++}` } })

describe('a sound integration', () => {
  test('has nothing that needs mending, whichever provider it is, before anybody connected', async () => {
    for (const provider of Object.keys(grantry.sandbox!.clients)) {
      if (!grantry.ctx.catalogue.has(provider)) continue
      const params: Record<string, Record<string, string>> = { shopify: { shop: 'acme' } }
      const integration = await addSandboxIntegration(grantry, provider, {
        ...unchecked,
        ...(params[provider] ? { params: params[provider] } : {}),
      })
      expect(await trouble(integration), provider).toEqual([])
    }
  })

  test('is ok in every respect once an account is connected and refreshed', async () => {
    const integration = await addSandboxIntegration(grantry, 'gmail')
    const connection = await connect(integration)
    const refreshed = await grantry.call('POST', `/api/v1/connections/${connection.id}/refresh`)
    expect(refreshed.status).toBe(200)
    const found = await findings(integration)
    expect(found.map(({ check, status }) => [check, status])).toEqual(
      [
        'addresses',
        'https',
        'client_authentication',
        'redirect_uri',
        'scopes',
        'offline_access',
        'api',
        'clock',
        'connecting',
        'refreshing',
      ].map((check) => [check, 'ok']),
    )
    expect(found.every(({ todo, where }) => todo === null && where === null)).toBe(true)
  })

  test('is not called when it is not asked; what was seen says enough', async () => {
    const integration = await addSandboxIntegration(grantry, 'gmail')
    await connect(integration)
    const before = control().calls({}).length
    const found = await findings(integration, { ask: false })
    expect(control().calls({}).length).toBe(before)
    expect(found.filter(({ status }) => status === 'ok').map(({ check }) => check)).toEqual([
      'https',
      'client_authentication',
      'redirect_uri',
      'scopes',
      'offline_access',
      'api',
      'connecting',
    ])
  })

  test('at a provider that tells nobody before they sign in is not called good: it is not known', async () => {
    const integration = await addSandboxIntegration(grantry, 'gmail')
    const judged = async () =>
      Object.fromEntries((await findings(integration)).map(({ check, status }) => [check, status]))
    expect(await judged()).toMatchObject({ redirect_uri: 'ok', scopes: 'ok' })
    control().fault({ endpoint: 'authorize', fault: 'html', times: 'forever' })
    expect(await judged()).toMatchObject({ redirect_uri: 'unknown', scopes: 'unknown', addresses: 'ok' })
  })

  test('that needs nobody’s consent is judged by its connection', async () => {
    const plain = grantry.sandbox!.generic.plain!
    const { body } = await grantry.call('POST', '/api/v1/integrations', {
      label: 'Machine',
      grant_type: 'client_credentials',
      token_url: plain.token_url,
      client_id: plain.client_id,
      client_secret: plain.client_secret,
      scope: 'read',
    })
    const found = await findings(body.data)
    expect(found.filter(({ status }) => status !== 'ok' && status !== 'unknown')).toEqual([])
    expect(found.map(({ check }) => check)).not.toContain('redirect_uri')
    expect(found.find(({ check }) => check === 'client_authentication')).toMatchObject({ status: 'ok' })
  })
})

describe('a planted fault is the one finding', () => {
  type Plant = () => Promise<{ id: string }>
  const faults: [name: string, plant: Plant, finding: Partial<Finding> & { todo: unknown }][] = [
    [
      'a redirect URI that is not registered',
      async () => {
        const client = { provider: 'gmail', client_id: 'elsewhere', client_secret: 'a-secret-of-its-own' }
        control().registerClient({ ...client, redirect_uris: ['https://old.example.com/callback'] })
        return addSandboxIntegration(grantry, 'gmail', {
          client_id: client.client_id,
          client_secret: client.client_secret,
        })
      },
      {
        check: 'redirect_uri',
        status: 'failed',
        where: 'provider',
        todo: expect.stringMatching(
          /register http:\/\/localhost:\d+\/api\/v1\/credentials\/auth\/callback\/gmail/,
        ),
      },
    ],
    [
      'a scope that the provider does not have',
      () =>
        addSandboxIntegration(grantry, 'gmail', { scope: 'https://www.googleapis.com/auth/gmail.nothing' }),
      { check: 'scopes', status: 'failed', where: 'scope', todo: expect.stringMatching(/Enable the API/) },
    ],
    [
      'the same at a provider that tells it to the redirect URI',
      () => addSandboxIntegration(grantry, 'gitlab', { scope: 'nothing' }),
      { check: 'scopes', status: 'failed', where: 'scope', todo: expect.stringMatching(/add the scope/) },
    ],
    [
      'an API that is not enabled',
      async () => {
        const integration = await addSandboxIntegration(grantry, 'gmail')
        const message = 'Gmail API has not been used in project 1 before or it is disabled.'
        control().fault({
          endpoint: 'account',
          fault: 'status',
          status: 403,
          body: { error: { code: 403, message, status: 'PERMISSION_DENIED' } },
          times: 'forever',
        })
        await connect(integration)
        return integration
      },
      { check: 'api', status: 'failed', where: 'provider', todo: expect.stringMatching(/Enable it in/) },
    ],
    [
      'offline access that is asked away',
      () => addSandboxIntegration(grantry, 'gmail', { extra_authorize_params: { access_type: 'online' } }),
      {
        check: 'offline_access',
        status: 'failed',
        where: 'extra_authorize_params',
        todo: expect.stringMatching(/^Set access_type=offline in extra_authorize_params/),
      },
    ],
    [
      'offline access that a generic integration does not ask for',
      async () => {
        const { authorization_url, token_url } = grantry.ctx.catalogue.get('gmail')!
        const { body } = await grantry.call('POST', '/api/v1/integrations', {
          label: 'Google by hand',
          authorization_url,
          token_url,
          ...grantry.sandbox!.clients.gmail,
          scope: 'https://www.googleapis.com/auth/gmail.readonly',
        })
        return body.data
      },
      {
        check: 'offline_access',
        status: 'failed',
        where: 'extra_authorize_params',
        todo: expect.any(String),
      },
    ],
    [
      'refresh tokens that do not come',
      async () => {
        const integration = await addSandboxIntegration(grantry, 'pipedrive')
        control().fault({
          endpoint: 'token',
          fault: 'omit_refresh_token',
          when: { grant_type: 'authorization_code' },
        })
        await connect(integration)
        return integration
      },
      { check: 'offline_access', status: 'failed', todo: expect.stringMatching(/Ask for offline access/) },
    ],
    [
      'a clock that is an hour off',
      async () => {
        control().clock.advance(3600)
        return addSandboxIntegration(grantry, 'gmail', unchecked)
      },
      { check: 'clock', status: 'failed', where: 'server', todo: expect.stringMatching(/NTP/) },
    ],
    [
      'a clock that is two minutes off',
      async () => {
        control().clock.advance(-130)
        return addSandboxIntegration(grantry, 'gmail', unchecked)
      },
      {
        check: 'clock',
        status: 'warning',
        what: expect.stringMatching(/2 min ahead of/),
        todo: expect.any(String),
      },
    ],
    [
      'a wrong client secret',
      () => addSandboxIntegration(grantry, 'gmail', { ...unchecked, client_secret: 'not-the-secret' }),
      { check: 'client_authentication', status: 'failed', where: 'client_secret', todo: expect.any(String) },
    ],
    [
      'a client id that the provider does not know',
      () => addSandboxIntegration(grantry, 'gmail', { ...unchecked, client_id: 'nobody' }),
      { check: 'client_authentication', status: 'failed', where: 'client_id', todo: expect.any(String) },
    ],
    [
      'the wrong way of authenticating',
      () =>
        addSandboxIntegration(grantry, 'pipedrive', {
          ...unchecked,
          token_auth_method: 'client_secret_post',
        }),
      {
        check: 'client_authentication',
        status: 'failed',
        where: 'token_auth_method',
        todo: 'Set token_auth_method to client_secret_basic.',
      },
    ],
    [
      'a provider that wants https',
      async () => {
        control().fault({
          endpoint: 'authorize',
          fault: 'error',
          error: 'invalid_request',
          error_description: 'redirect_uri must use https',
          times: 'forever',
        })
        return addSandboxIntegration(grantry, 'slack')
      },
      {
        check: 'https',
        status: 'failed',
        where: 'GRANTRY_PUBLIC_URL',
        todo: expect.stringMatching(/behind https, set GRANTRY_PUBLIC_URL/),
      },
    ],
    [
      'an administrator who has not allowed the client',
      async () => {
        control().fault({
          endpoint: 'authorize',
          fault: 'redirect',
          to: 'https://accounts.example.com/error?code=admin_policy_enforced',
          times: 'forever',
        })
        return addSandboxIntegration(grantry, 'gmail')
      },
      {
        check: 'connecting',
        status: 'failed',
        where: 'provider',
        todo: expect.stringMatching(/administrator/),
      },
    ],
    [
      'a token URL in plain http',
      async () => {
        const integration = await addSandboxIntegration(grantry, 'gmail', unchecked)
        await setRow(integration, { token_url: 'http://oauth.example.com/token' })
        return integration
      },
      { check: 'https', status: 'failed', where: 'token_url', todo: 'Give the https address.' },
    ],
    [
      'a host without an address',
      async () => {
        const integration = await addSandboxIntegration(grantry, 'gmail', unchecked)
        await setRow(integration, { token_url: 'https://oauth.nowhere.invalid/token' })
        return integration
      },
      {
        check: 'addresses',
        status: 'failed',
        where: 'token_url',
        todo: expect.stringMatching(/Correct the host/),
      },
    ],
    [
      'a private address',
      async () => {
        const integration = await addSandboxIntegration(grantry, 'gmail', unchecked)
        await setRow(integration, { token_url: 'https://10.1.2.3/token' })
        return integration
      },
      {
        check: 'addresses',
        status: 'failed',
        where: 'GRANTRY_EGRESS_ALLOW',
        todo: expect.stringMatching(/add 10\.1\.2\.3:443 to GRANTRY_EGRESS_ALLOW/),
      },
    ],
    [
      'a port where nobody listens',
      async () => {
        const integration = await addSandboxIntegration(grantry, 'gmail', unchecked)
        await setRow(integration, { revocation_url: `https://localhost:${closedPort}/revoke` })
        return integration
      },
      {
        check: 'addresses',
        status: 'failed',
        where: 'revocation_url',
        todo: expect.stringMatching(/firewall/),
      },
    ],
    [
      'a certificate that nobody trusts',
      async () => {
        const integration = await addSandboxIntegration(grantry, 'gmail', unchecked)
        await setRow(integration, { api_base_url: `https://localhost:${tlsPort()}/api` })
        return integration
      },
      {
        check: 'addresses',
        status: 'failed',
        where: 'api_base_url',
        todo: expect.stringMatching(/NODE_EXTRA_CA_CERTS/),
      },
    ],
    [
      'a token endpoint that does not answer',
      async () => {
        control().fault({ endpoint: 'token', fault: 'hold', times: 'forever' })
        return addSandboxIntegration(grantry, 'gmail', unchecked)
      },
      { check: 'addresses', status: 'failed', where: 'token_url', todo: expect.stringMatching(/firewall/) },
    ],
    [
      'a token endpoint that hangs up',
      async () => {
        control().fault({ endpoint: 'token', fault: 'drop_before', times: 'forever' })
        return addSandboxIntegration(grantry, 'gmail', unchecked)
      },
      {
        check: 'addresses',
        status: 'failed',
        where: 'token_url',
        todo: expect.stringMatching(/a web server/),
      },
    ],
    [
      'a provider that is down',
      async () => {
        control().fault({ endpoint: 'token', fault: 'status', status: 503, times: 'forever' })
        return addSandboxIntegration(grantry, 'gmail', unchecked)
      },
      {
        check: 'addresses',
        status: 'warning',
        where: 'provider',
        todo: expect.stringMatching(/status page/),
      },
    ],
    [
      'a token URL that is a web page',
      async () => {
        control().fault({ endpoint: 'token', fault: 'html', times: 'forever' })
        return addSandboxIntegration(grantry, 'gmail', unchecked)
      },
      {
        check: 'addresses',
        status: 'failed',
        where: 'token_url',
        todo: expect.stringMatching(/^Correct token_url/),
      },
    ],
    [
      'a grant that its person has ended',
      async () => {
        const integration = await addSandboxIntegration(grantry, 'gmail')
        const connection = await connect(integration)
        await grantry.ctx.db
          .updateTable('connections')
          .set({ status: 'needs_reauth', reason: 'grant_ended', reason_detail: 'invalid_grant: revoked' })
          .where('id', '=', decodeId('con', connection.id)!)
          .execute()
        return integration
      },
      {
        check: 'refreshing',
        status: 'warning',
        where: 'end users',
        what: expect.stringMatching(/^1 of 1 connections: /),
        todo: expect.stringMatching(/connect this account again/),
      },
    ],
    [
      'refreshes that fail',
      async () => {
        const integration = await addSandboxIntegration(grantry, 'gmail')
        const connection = await connect(integration)
        control().fault({ endpoint: 'token', fault: 'error', error: 'unsupported_grant_type', times: 1 })
        await grantry.call('POST', `/api/v1/connections/${connection.id}/refresh`)
        return integration
      },
      { check: 'refreshing', status: 'warning', todo: expect.any(String) },
    ],
    [
      'connects that fail',
      async () => {
        const integration = await addSandboxIntegration(grantry, 'notion')
        await failConnect(integration, 'access_denied')
        await failConnect(integration, 'unsupported_response_type')
        return integration
      },
      { check: 'connecting', status: 'failed', todo: expect.any(String) },
    ],
  ]

  test.each(faults)('%s', async (_name, plant, finding) => {
    const integration = await plant()
    expect(await trouble(integration, { deadlineMs: 500 })).toEqual([
      expect.objectContaining({ what: expect.stringMatching(/\S\.$/), ...finding }),
    ])
  })
})

describe('what connects have shown', () => {
  test('is believed where the provider was not asked, and ends with the next that goes well', async () => {
    const integration = await addSandboxIntegration(grantry, 'gmail')
    await failConnect(integration, 'invalid_scope')
    expect(await trouble(integration, { ask: false })).toMatchObject([{ check: 'scopes', status: 'failed' }])
    // Asked now, the provider takes them.
    expect(await trouble(integration)).toEqual([])
    await connect(integration)
    expect(await trouble(integration, { ask: false })).toEqual([])
  })

  test('counts although the provider takes the integration’s scopes, where a session asked for more', async () => {
    const integration = await addSandboxIntegration(grantry, 'gmail')
    await failConnect(integration, 'invalid_scope', ['https://www.googleapis.com/auth/gmail.nothing'])
    expect(await trouble(integration)).toMatchObject([{ check: 'scopes', status: 'failed' }])
  })

  test('a person’s no is no fault', async () => {
    const integration = await addSandboxIntegration(grantry, 'gmail')
    await failConnect(integration, 'access_denied')
    expect(await trouble(integration)).toEqual([])
  })
})

describe('over the API', () => {
  const path = (integration: { id: string }) => `/api/v1/integrations/${integration.id}/diagnosis`
  const makeKey = async (fields: Record<string, unknown>) => {
    const { body } = await grantry.call('POST', '/api/v1/api-keys', { name: 'k', ...fields })
    return body.data.secret as string
  }

  test('answers every check, without a secret, and stores nothing', async () => {
    const integration = await addSandboxIntegration(grantry, 'gmail', {
      ...unchecked,
      client_secret: 'a-wrong-secret',
    })
    const before = await grantry.call('GET', `/api/v1/integrations/${integration.id}`)
    const answer = await grantry.call('POST', path(integration))
    expect(answer.status).toBe(200)
    expect(answer.body.data).toMatchObject({
      integration_id: integration.id,
      provider_name: 'Gmail',
      asked: true,
      redirect_uri: integration.redirect_uri,
    })
    expect(answer.body.data.findings).toHaveLength(10)
    expect(answer.text).not.toContain('a-wrong-secret')
    expect((await grantry.call('GET', `/api/v1/integrations/${integration.id}`)).body).toEqual(before.body)
  })

  test('a key that is narrowed to an app is told of that app’s connections only', async () => {
    const integration = await addSandboxIntegration(grantry, 'gmail')
    await failConnect(integration, 'invalid_scope')
    const { body: app } = await grantry.call('POST', '/api/v1/apps', { name: `app ${people++}` })
    const key = await makeKey({ scopes: ['integrations:write'], app_id: app.data.id })
    const answer = await grantry.call('POST', `${path(integration)}?ask=false`, undefined, { key })
    expect(answer.body.data.findings.filter(({ status }: Finding) => status === 'failed')).toEqual([])
  })

  test('not for a key that may only read', async () => {
    const integration = await addSandboxIntegration(grantry, 'gmail')
    const key = await makeKey({ scopes: ['integrations:read'] })
    expect((await grantry.call('POST', path(integration), undefined, { key })).status).toBe(403)
  })

  test('the server says how it stands, and what the credential may do', async () => {
    const ends = new Date(grantry.clock.now() + 2 * 86_400_000).toISOString()
    const key = await makeKey({ scopes: ['connections:read', 'admin'], expires_at: ends })
    const { body } = await grantry.call('GET', '/api/v1/diagnosis', undefined, { key })
    expect(body.data).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      public_url: grantry.url,
      database: 'sqlite',
      sandbox: true,
      credential: { kind: 'api_key', scopes: ['admin', 'connections:read'], app_id: null, expires_at: ends },
    })
    expect(body.data.findings).toEqual([
      expect.objectContaining({ check: 'https', status: 'ok' }),
      expect.objectContaining({ check: 'sandbox', status: 'ok' }),
      expect.objectContaining({ check: 'encryption_key', status: 'ok' }),
      expect.objectContaining({
        check: 'credential',
        status: 'warning',
        todo: expect.stringMatching(/keys create/),
      }),
    ])
    expect(Math.abs(Date.parse(body.data.time) - grantry.clock.now())).toBeLessThan(60_000)
  })
})
