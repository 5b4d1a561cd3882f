import { json } from '../answer.ts'
import type { ProviderTable } from '../provider-table.ts'
import { randomBase64url } from '../random.ts'
import { SECRET_MARK } from '../secret-mark.ts'

const refused = (error: string, status = 400) => ({ status, error, description: error })

/**
 * No real service: tokens as a large social network hands them out. The code gives a token of an hour, which is exchanged for one of sixty days;
 * that one is exchanged again before it ends, and there is no refresh token. Scopes by comma, parameters in the query, errors in an object.
 */
export const plainExchange: ProviderTable = {
  name: 'plain-exchange',
  display_name: 'Plain exchange',
  real: false,
  client: { client_id: 'sandbox-plain-exchange', client_secret: `${SECRET_MARK}-plain-exchange-client` },
  openid: false,
  paths: { authorize: ['/dialog/oauth'], token: ['/oauth/access_token'], revoke: ['/me/permissions'] },
  scopes: {
    public_profile: { sentence: 'See your name' },
    email: { sentence: 'See your email address' },
    posts: { sentence: 'Read your posts' },
  },
  settings: {
    expires_in: 3600,
    code_lifetime: 600,
    rotates: false,
    reuse_detection: false,
    leeway: 0,
    kills_access_token: false,
    refresh_idle_lifetime: null,
  },
  authorize: {
    scope_separators: /[ ,]+/,
    default_scopes: ['public_profile'],
    always_scopes: ['public_profile'],
    invalid_scope: 'page',
    response_type_required: false,
    pkce: 'ignored',
    granular: false,
    incremental: false,
    iss: false,
  },
  token: {
    methods: ['GET', 'POST'],
    client_auth: ['client_secret_post'],
    grant_types: ['authorization_code'],
    default_grant_type: 'authorization_code',
    body: ['form'],
    token_type: 'bearer',
    refresh_token_when: () => false,
    exchange: {
      grant_type: 'exchange_token',
      parameter: 'exchange_token',
      expires_in: 60 * 86_400,
    },
    replay_revokes: false,
    answer: (issued) =>
      json(200, {
        access_token: issued.access_token,
        token_type: issued.token_type,
        expires_in: issued.expires_in,
      }),
    refusals: {
      client_missing: refused('Missing client_id parameter.'),
      client_unknown: refused('Invalid client_id.'),
      client_wrong_secret: refused('Error validating client secret.'),
      client_method: refused('Missing client_secret parameter.'),
      code_unknown: refused('Invalid verification code format.'),
      code_used: refused('This authorization code has been used.'),
      code_expired: refused('This authorization code has expired.'),
      redirect_uri_mismatch: refused('Error validating verification code: redirect_uri is not identical.'),
      refresh_unknown: refused('Invalid OAuth access token.'),
      refresh_expired: refused('Error validating access token: Session has expired.'),
      refresh_revoked: refused('Error validating access token: The session was invalidated.'),
    },
    refusal: ({ status, description }) =>
      json(status, { error: { message: description, type: 'OAuthException', code: 100 } }),
  },
  revoke: {
    method: 'DELETE',
    auth: 'none',
    token_in: ['bearer', 'query'],
    parameter: 'access_token',
    ends: { access_token: 'account' },
    done: json(200, { success: true }),
    unknown: json(400, {
      error: { message: 'Invalid OAuth access token.', type: 'OAuthException', code: 190 },
    }),
  },
  api: {
    routes: [
      {
        method: 'GET',
        path: '/me',
        endpoint: 'account',
        scopes: [],
        handle: ({ account, scopes }) =>
          json(200, {
            id: `1047290000${account.number}`,
            name: account.name,
            ...(scopes.includes('email') ? { email: account.email } : {}),
          }),
      },
      {
        method: 'GET',
        path: '/me/posts',
        endpoint: 'api',
        scopes: ['posts'],
        handle: () => json(200, { data: [] }),
      },
    ],
    unauthorized: json(400, {
      error: { message: 'Invalid OAuth access token.', type: 'OAuthException', code: 190 },
    }),
    forbidden: (needed) =>
      json(403, {
        error: {
          message: `(#200) Requires ${needed.join(' or ')} permission`,
          type: 'OAuthException',
          code: 200,
        },
      }),
    not_found: json(404, { error: { message: 'Unknown path', type: 'OAuthException', code: 2500 } }),
    seed: () => ({}),
  },
  strings: {
    code: (random) => `AQ${SECRET_MARK}${randomBase64url(random, 30)}`,
    access_token: (random) => `EAA${SECRET_MARK}${randomBase64url(random, 50)}`,
    refresh_token: (random) => `unused${SECRET_MARK}${randomBase64url(random, 8)}`,
  },
  overrides: (base) => ({
    authorization_url: `${base}/dialog/oauth`,
    token_url: `${base}/oauth/access_token`,
    revocation: { url: `${base}/me/permissions` },
    api: { base_url: base },
    account: { url: `${base}/me` },
  }),
}
