import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { encodeId } from '@grantry/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from '../support/browser.ts'
import { eachDatabase } from '../support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { addClient, addMember, allow, type Client, firstWorkspace } from '../support/partner-app.ts'

// "Connecting Your App to KonPro with OAuth 2.0": its curl lines, run by a shell and a real curl, the host changed and
// the capitalised parts filled in. Printing errors of the page that are mended here:
// - text runs into the end of the authorization URL ("response_type=codeYOUR_CLIENT_ID: …"), of the callback URL
//   ("state=RANDOM_STATEVerify …") and of each curl command ('"code_verifier=YOUR_CODE_VERIFIER"Save …',
//   '"Authorization: Bearer NEW_ACCESS_TOKEN"The …', '"Authorization: Bearer YOUR_ACCESS_TOKEN"Replace …');
// - the step that says how to use the first access token calls it NEW_ACCESS_TOKEN;
// - some-endpoint stands for any: here /api/v1/connections.
// Its challenge is that of RFC 7636, appendix B; so is the verifier that goes with it.
const authorizationUrl =
  'https://app.konpro.ai/oauth/authorize?client_id=YOUR_CLIENT_ID&state=RANDOM_STATE&redirect_uri=YOUR_REDIRECT_URI&code_challenge=CODE_CHALLENGE&code_challenge_method=S256&response_type=code'

const exchange = `curl -X POST https://api.konpro.ai/v1/oauth/token \\
-H "Content-Type: application/x-www-form-urlencoded" \\
-d "code=AUTHORIZATION_CODE" \\
-d "client_id=YOUR_CLIENT_ID" \\
-d "grant_type=authorization_code" \\
-d "redirect_uri=YOUR_REDIRECT_URI" \\
-d "code_verifier=YOUR_CODE_VERIFIER"`

const useToken = `curl -X GET https://api.konpro.ai/v1/some-endpoint \\
-H "Authorization: Bearer NEW_ACCESS_TOKEN"`

const useKey = `curl -X GET https://api.konpro.ai/v1/some-endpoint \\
-H "X-API-KEY: YOUR_API_TOKEN"`

const refresh = `curl -X POST https://api.konpro.ai/v1/oauth/refresh_token \\
-H "Content-Type: application/x-www-form-urlencoded" \\
-d "client_id=YOUR_CLIENT_ID" \\
-d "grant_type=refresh_token" \\
-d "refresh_token=REFRESH_TOKEN"`

const account = `curl -X GET https://api.konpro.ai/v1/pacific/account.get \\
-H "Authorization: Bearer YOUR_ACCESS_TOKEN"`

const run = promisify(execFile)

eachDatabase('KonPro as documented', (open) => {
  let grantry: TestGrantry
  let browser: Browser
  let member: string
  let client: Client
  let curlHome: string

  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url })
    ;({ browser, member } = await addMember(grantry))
    client = await addClient(grantry, { redirectUri: 'https://example.com/oauth/callback' })
    curlHome = await mkdtemp(join(tmpdir(), 'grantry-curl-'))
    // Quiet, and the status after the body: so the page's commands need not be touched.
    await writeFile(join(curlHome, '.curlrc'), 'silent\nnoproxy = "*"\nwrite-out = "\\n%{http_code}"\n')
  })
  afterAll(async () => {
    await grantry?.close()
    if (curlHome) await rm(curlHome, { recursive: true, force: true })
  })

  const fill = (text: string, parts: Record<string, string>) => {
    let filled = text.replace(/https:\/\/(api|app)\.konpro\.ai/, grantry.url)
    const all = { YOUR_CLIENT_ID: client.id, YOUR_REDIRECT_URI: client.redirectUri, ...parts }
    for (const [name, value] of Object.entries(all)) filled = filled.replaceAll(name, value)
    return filled
  }

  const curl = async (command: string, parts: Record<string, string> = {}) => {
    const line = fill(command, parts).replace('/v1/some-endpoint', '/api/v1/connections')
    const { stdout } = await run('sh', ['-c', line], { env: { PATH: process.env.PATH, CURL_HOME: curlHome } })
    const [, text = '', status] = /^([\s\S]*)\n(\d+)$/.exec(stdout) ?? []
    return { status: Number(status), body: JSON.parse(text) }
  }

  /** Steps 1 and 2: what the redirect URI gets. */
  const authorize = async (state = 'xyz789') => {
    const address = fill(
      authorizationUrl.replace('YOUR_REDIRECT_URI', encodeURIComponent(client.redirectUri)),
      {
        RANDOM_STATE: state,
        CODE_CHALLENGE: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      },
    )
    return allow(browser, address)
  }
  const redeem = (code: string, verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk') =>
    curl(exchange, { AUTHORIZATION_CODE: code, YOUR_CODE_VERIFIER: verifier })
  const obtain = async () => (await redeem((await authorize()).searchParams.get('code')!)).body

  test('steps 1 to 3: a code and the state come back, and the code gives an access and a refresh token', async () => {
    const back = await authorize('a-state-of-theirs')
    expect(`${back.origin}${back.pathname}`).toBe('https://example.com/oauth/callback')
    expect(back.searchParams.get('state')).toBe('a-state-of-theirs')
    const { status, body } = await redeem(back.searchParams.get('code')!)
    expect([status, body.token_type, body.expires_in]).toEqual([200, 'Bearer', 900])
    expect(body).toMatchObject({ access_token: expect.any(String), refresh_token: expect.any(String) })
  })

  test('step 3 with another verifier than the challenge was made of gives nothing', async () => {
    const code = (await authorize()).searchParams.get('code')!
    const { status, body } = await redeem(code, 'another-verifier-than-the-one-of-the-challenge')
    expect([status, body.error, body.access_token]).toEqual([400, 'invalid_grant', undefined])
  })

  test('step 4: an endpoint takes the access token as Bearer, and an API token as X-API-KEY', async () => {
    const { access_token } = await obtain()
    const byToken = await curl(useToken, { NEW_ACCESS_TOKEN: access_token })
    expect([byToken.status, byToken.body]).toEqual([200, { data: [], next_cursor: null }])
    const byKey = await curl(useKey, { YOUR_API_TOKEN: grantry.apiKey })
    expect([byKey.status, byKey.body]).toEqual([200, byToken.body])
    const wrong = await curl(useToken, { NEW_ACCESS_TOKEN: `${access_token}x` })
    expect([wrong.status, wrong.body.code]).toEqual([401, 'unauthenticated'])
  })

  test('step 5: the refresh endpoint gives new tokens, and takes no other grant type', async () => {
    const first = await obtain()
    const { status, body } = await curl(refresh, { REFRESH_TOKEN: first.refresh_token })
    expect(status).toBe(200)
    expect(body.access_token).not.toBe(first.access_token)
    expect(body.refresh_token).not.toBe(first.refresh_token)
    expect((await curl(useToken, { NEW_ACCESS_TOKEN: body.access_token })).status).toBe(200)

    const code = (await authorize()).searchParams.get('code')!
    const misplaced = exchange.replace('/v1/oauth/token', '/v1/oauth/refresh_token')
    const parts = {
      AUTHORIZATION_CODE: code,
      YOUR_CODE_VERIFIER: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    }
    const refused = await curl(misplaced, parts)
    expect([refused.status, refused.body.error]).toEqual([400, 'unsupported_grant_type'])
    // The code has not been touched: it was shown at the wrong door.
    expect((await curl(exchange, parts)).status).toBe(200)
  })

  test('account.get: experiments, features, space info, user and user plan', async () => {
    // The deployment has an operator, who sets the plans.
    const space = encodeId('ws', firstWorkspace)
    const experiments = [{ key: 'new-composer', variants: ['on'] }]
    const settings = { plan: 'scale', features: ['mcp'], quotas: { connections: 500 }, experiments }
    const as = { key: grantry.operatorKey }
    const patched = await grantry.call('PATCH', `/api/v1/workspaces/${space}`, settings, as)
    expect(patched.status).toBe(200)
    const { access_token } = await obtain()
    const { status, body } = await curl(account, { YOUR_ACCESS_TOKEN: access_token })
    expect(status).toBe(200)
    expect(body).toEqual({
      experiments: [{ key: 'new-composer', variant: 'on' }],
      features: ['mcp'],
      space: {
        id: firstWorkspace,
        name: 'default',
        role: 'owner',
        permissions: ['account:read', 'connections:read'],
      },
      user: {
        id: member,
        email: 'ada@example.com',
        name: 'Ada Lovelace',
        registered_at: expect.stringMatching(/^\d{4}-.*Z$/),
        subscription_status: 'active',
      },
      plan: { tier: 'scale', quotas: { connections: 500 }, expires_at: null },
    })
  })
})
