import type { OAuth2 } from 'oauth'
import OAuth2Strategy from 'passport-oauth2'
import type { Library, PartnerClient, Party, Tokens } from './partner-client.ts'

/** The strategy in the hands of what stands in for Express: a request with a query and a session. */
export const withPassportOauth2: Library = {
  name: 'passport-oauth2',
  methods: ['client_secret_post'],
  checks: ['state'],
  open,
}

type Outcome = { redirect: string } | { user: Tokens }
type Request = { query: Record<string, string>; session: Record<string, unknown> }

async function open({ issuer, client, scope }: Party): Promise<PartnerClient> {
  const options = {
    authorizationURL: `${issuer}/oauth/authorize`,
    tokenURL: `${issuer}/v1/oauth/token`,
    clientID: client.id,
    clientSecret: client.secret!,
    callbackURL: client.redirectUri,
    scope: scope.split(' '),
    state: true,
    pkce: true,
  }
  const strategy = new OAuth2Strategy(
    options,
    (accessToken: string, refreshToken: string, _profile: unknown, done: OAuth2Strategy.VerifyCallback) =>
      done(null, { accessToken, refreshToken }),
  )
  const { _oauth2: oauth } = strategy as unknown as { _oauth2: OAuth2 & Private }
  const session = {}

  const authenticate = (query: Record<string, string>) =>
    new Promise<Outcome>((resolve, reject) => {
      // Passport calls a strategy that has these four.
      const run = Object.assign(Object.create(strategy), {
        redirect: (to: string) => resolve({ redirect: to }),
        success: (user: Tokens) => resolve({ user }),
        fail: (info: unknown) => reject(new Error(`failed: ${JSON.stringify(info)}`)),
        error: reject,
      }) as { authenticate(request: Request, options: object): void }
      run.authenticate({ query, session }, {})
    })

  return {
    async begin() {
      const outcome = await authenticate({})
      return 'redirect' in outcome ? outcome.redirect : Promise.reject(new Error('did not redirect'))
    },
    async finish(back) {
      const outcome = await authenticate(Object.fromEntries(new URL(back).searchParams))
      return 'user' in outcome ? outcome.user : Promise.reject(new Error('redirected again'))
    },
    refresh: ({ refreshToken }) =>
      new Promise((resolve, reject) =>
        oauth.getOAuthAccessToken(
          refreshToken,
          { grant_type: 'refresh_token' },
          (error, accessToken, next) =>
            error ? reject(error) : resolve({ accessToken: accessToken!, refreshToken: next! }),
        ),
      ),
    // It has no call for this: the request goes out as its token requests do.
    revoke: ({ refreshToken }) =>
      new Promise((resolve, reject) => {
        const fields = { client_id: client.id, client_secret: client.secret!, token: refreshToken }
        const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
        const body = new URLSearchParams(fields).toString()
        oauth._request('POST', `${issuer}/oauth/revoke`, headers, body, null, (error) =>
          error ? reject(error) : resolve(),
        )
      }),
  }
}

type Private = {
  _request(
    method: string,
    url: string,
    headers: object,
    body: string,
    accessToken: string | null,
    done: (error: unknown) => void,
  ): void
}
