import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from '../../../../test/support/browser.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { addMember, allow, authorizationUrl, obtain } from '../../../../test/support/partner-app.ts'
import { makeCertificate } from '../egress/certificate.fixture.ts'

eachDatabase('client ID metadata documents', (database) => {
  // Clients that are named by the address of a document about them (Client ID Metadata Documents).
  let grantry: TestGrantry
  let browser: Browser
  let site: Server
  let origin: string
  let requests: string[] = []
  const documents = new Map<string, { status?: number; body: unknown; location?: string }>()

  beforeAll(async () => {
    const { key, cert } = makeCertificate('localhost')
    site = createServer({ key, cert }, (request, response) => {
      requests.push(request.url!)
      const { status = 200, body, location } = documents.get(request.url!) ?? { status: 404, body: {} }
      response.writeHead(status, { 'content-type': 'application/json', ...(location ? { location } : {}) })
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    }).listen(0, '127.0.0.1')
    await once(site, 'listening')
    origin = `https://localhost:${(site.address() as AddressInfo).port}`
    grantry = await startTestGrantry({
      databaseUrl: database.url,
      env: { GRANTRY_EGRESS_ALLOW: new URL(origin).host },
      world: { ca: cert },
      sandbox: false,
    })
    browser = (await addMember(grantry)).browser
  })
  afterAll(async () => {
    await grantry?.close()
    site?.close()
  })

  const redirectUri = 'http://127.0.0.1:3334/callback'
  const describeClient = (path: string, fields: Record<string, unknown> = {}) => {
    const id = `${origin}${path}`
    documents.set(path, {
      body: {
        client_id: id,
        client_name: 'Somebody’s agent',
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
        application_type: 'native',
        ...fields,
      },
    })
    return { id, secret: null, redirectUri }
  }

  test('a client that nobody registered gets tokens; the person is told who publishes it', async () => {
    const client = describeClient('/agent.json')
    const page = await browser.open(authorizationUrl(grantry.url, client))
    expect(page.text).toContain(`published by ${new URL(origin).host}`)
    expect(page.text).toContain('It runs on your own computer')
    expect(page.text).toContain('127.0.0.1:3334')
    const tokens = await obtain(grantry, client, browser)
    const account = await grantry.call('GET', '/api/v1/account', undefined, { key: tokens.access_token })
    expect(account.status).toBe(200)
  })

  test('an independent client is one by its document alone', async () => {
    const { id } = describeClient('/independent.json')
    const insecure = { [oauth.allowInsecureRequests]: true } as const
    const issuer = new URL(grantry.url)
    const server = await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, { ...insecure, algorithm: 'oauth2' }),
    )
    expect(server.client_id_metadata_document_supported).toBe(true)
    const codeVerifier = oauth.generateRandomCodeVerifier()
    const address = new URL(server.authorization_endpoint!)
    address.search = new URLSearchParams({
      client_id: id,
      redirect_uri: redirectUri,
      response_type: 'code',
      state: 'theirs',
      code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    }).toString()
    const client = { client_id: id }
    const parameters = oauth.validateAuthResponse(
      server,
      client,
      await allow(browser, address.href),
      'theirs',
    )
    const answer = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      parameters,
      redirectUri,
      codeVerifier,
      insecure,
    )
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer)
    expect(tokens.access_token).toMatch(/^gat_/)
  })

  test('it may not have what reaches providers’ tokens', async () => {
    const client = describeClient('/greedy.json')
    const scope = 'connections:read tokens:read proxy:call'
    const page = await browser.open(authorizationUrl(grantry.url, client, { scope }))
    expect(page.text).not.toContain('get access tokens')
    const tokens = await obtain(grantry, client, browser, { scope })
    expect(tokens.scope).toBe('connections:read')
  })

  test.each([
    ['another’s name', { client_id: 'https://localhost/other.json' }],
    ['a shared secret', { client_secret: 'x' }],
    ['a way to authenticate by one', { token_endpoint_auth_method: 'client_secret_basic' }],
    ['a return address by script', { redirect_uris: ['javascript:alert(1)'] }],
  ])('a document with %s is refused', async (_what, fields) => {
    const client = describeClient(`/${Math.random()}.json`, fields)
    const page = await browser.open(authorizationUrl(grantry.url, client))
    expect(page.status).toBe(400)
    expect(page.text).not.toContain('Allow')
  })

  test('what cannot be read as a document is refused, and no redirect is followed', async () => {
    documents.set('/moved.json', { status: 302, body: '', location: '/agent.json' })
    documents.set('/text.json', { body: 'hello' })
    documents.set('/large.json', { body: `"${'x'.repeat(200_000)}"` })
    requests = []
    for (const path of ['/moved.json', '/text.json', '/large.json', '/none.json']) {
      const page = await browser.open(
        authorizationUrl(grantry.url, { id: `${origin}${path}`, secret: null, redirectUri }),
      )
      expect([path, page.status]).toEqual([path, 400])
    }
    expect(requests).not.toContain('/agent.json')
  })

  test('an address inside the network is not called', async () => {
    for (const id of [
      'https://127.0.0.1:9/x.json',
      'https://169.254.169.254/latest',
      'https://localhost:1/x',
    ])
      expect(
        (await browser.open(authorizationUrl(grantry.url, { id, secret: null, redirectUri }))).status,
      ).toBe(400)
  })
})
