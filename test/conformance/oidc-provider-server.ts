import { randomBytes } from 'node:crypto'
import { type KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { ForeignServer, Granted } from './foreign-server.ts'
import { listen } from './listen.ts'

type TokenContext = KoaContextWithOIDC & {
  body: { access_token: string; refresh_token?: string }
}

/** It signs in whomever it is told to. */
export type OidcProvider = ForeignServer & {
  signIn(authorizationUrl: string, person: string): Promise<string>
}

/**
 * `oidc-provider`: PKCE required, refresh tokens rotate at each use and a second use ends the grant, opaque access
 * tokens, RFC 7009, RFC 7662, RFC 9207, and apps that are registered by RFC 7591 and changed by RFC 7592. People go
 * through its own sign-in and consent pages.
 */
export async function startOidcProvider(): Promise<OidcProvider> {
  const granted: (Granted & { grantType: string })[] = []
  const revoked: string[] = []
  let refusals = 0
  const { url, host, close } = await listen((issuer) => {
    const provider = new Provider(issuer, {
      pkce: { required: () => true },
      rotateRefreshToken: true,
      features: {
        devInteractions: { enabled: true },
        introspection: { enabled: true },
        revocation: { enabled: true },
        registration: { enabled: true },
        registrationManagement: { enabled: true, rotateRegistrationAccessToken: false },
      },
      cookies: { keys: [randomBytes(24).toString('hex')] },
      ttl: { AccessToken: 3600, AuthorizationCode: 60, IdToken: 86_400, RefreshToken: 86_400 },
    })
    provider.on('grant.success', (ctx: KoaContextWithOIDC) => {
      const { body, oidc } = ctx as TokenContext
      granted.push({
        grantType: String(oidc.params!.grant_type),
        spent: (oidc.params!.refresh_token as string | undefined) ?? null,
        access_token: body.access_token,
        refresh_token: body.refresh_token ?? null,
      })
    })
    provider.on('grant.error', () => {
      refusals += 1
    })
    provider.use(async (ctx, next) => {
      await next()
      if (ctx.path === '/token/revocation' && ctx.status === 200)
        revoked.push(String((ctx as unknown as KoaContextWithOIDC).oidc.params!.token))
    })
    return provider.callback()
  })

  const post = (path: string, body: URLSearchParams) => fetch(`${url}${path}`, { method: 'POST', body })
  const inspector = await registerApp(url, { inBody: true })
  async function active(token: string): Promise<boolean> {
    const { client_id, client_secret } = inspector
    const answer = await post(
      '/token/introspection',
      new URLSearchParams({ token, client_id, client_secret }),
    )
    return ((await answer.json()) as { active: boolean }).active
  }

  return {
    host,
    issuer: url,
    endpoints: {
      authorization_url: `${url}/auth`,
      token_url: `${url}/token`,
      revocation_url: `${url}/token/revocation`,
    },
    scope: 'openid offline_access',
    extraAuthorizeParams: { prompt: 'consent' },
    register: (wish) => registerApp(url, wish),
    consent: (authorizationUrl) =>
      signInAndConsent(authorizationUrl, `person-${randomBytes(4).toString('hex')}`),
    signIn: signInAndConsent,
    granted: (grantType) => granted.filter((one) => one.grantType === grantType),
    refusals: () => refusals,
    async takes(accessToken) {
      const userinfo = await fetch(`${url}/me`, { headers: { authorization: `Bearer ${accessToken}` } })
      return userinfo.ok && (await active(accessToken))
    },
    knows: active,
    revoked: () => revoked,
    close,
  }
}

async function registerApp(url: string, { inBody = false } = {}) {
  const metadata = {
    redirect_uris: ['http://localhost/not-yet'],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: inBody ? 'client_secret_post' : 'client_secret_basic',
  }
  const headers = { 'content-type': 'application/json' }
  const registered = await fetch(`${url}/reg`, { method: 'POST', headers, body: JSON.stringify(metadata) })
  const app = (await registered.json()) as Record<string, string>
  if (!registered.ok) throw new Error(`not registered: ${JSON.stringify(app)}`)
  const { client_id, client_secret, registration_access_token, registration_client_uri } = app
  return {
    client_id: client_id!,
    client_secret: client_secret!,
    async allow(redirectUri: string) {
      const answer = await fetch(registration_client_uri!, {
        method: 'PUT',
        headers: { ...headers, authorization: `Bearer ${registration_access_token}` },
        body: JSON.stringify({ ...metadata, client_id, client_secret, redirect_uris: [redirectUri] }),
      })
      if (!answer.ok) throw new Error(`redirect URI not registered: ${await answer.text()}`)
    },
  }
}

/** A browser with a cookie jar: follows redirects, signs in and consents on the server's own pages. */
async function signInAndConsent(authorizationUrl: string, login: string): Promise<string> {
  const { origin } = new URL(authorizationUrl)
  const jar = new Map<string, string>()
  let url = authorizationUrl
  let form: URLSearchParams | null = null
  for (let step = 0; step < 15; step++) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer: Response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(form ? { method: 'POST', body: form } : {}),
    })
    form = null
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!
      if (value) jar.set(name!, value)
      else jar.delete(name!)
    }
    const location = answer.headers.get('location')
    if (location) {
      url = new URL(location, url).href
      if (new URL(url).origin !== origin) return url
      continue
    }
    const page = await answer.text()
    const prompt = /name="prompt" value="([^"]+)"/.exec(page)?.[1]
    if (!prompt)
      throw new Error(`neither a redirect nor a page with a form: ${answer.status} ${page.slice(0, 500)}`)
    url = new URL(/<form[^>]* action="([^"]+)"/.exec(page)![1]!, url).href
    form = new URLSearchParams(prompt === 'login' ? { prompt, login, password: 'any' } : { prompt })
  }
  throw new Error('the server never came to an end')
}
