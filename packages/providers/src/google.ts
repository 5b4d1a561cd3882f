import type { Provider } from './provider.ts'

/** What every Google API has in common: one authorization server, one user, one way to end a grant. */
export const google = {
  grant_types: ['authorization_code', 'refresh_token'],
  register_url: 'https://console.cloud.google.com/auth/clients',
  grants_url: 'https://myaccount.google.com/connections',

  authorization_url: 'https://accounts.google.com/o/oauth2/v2/auth',
  token_url: 'https://oauth2.googleapis.com/token',
  // Google answers at all of these; an override of the endpoints leaves them standing for the overridden ones.
  aliases: {
    authorization_url: [
      'https://accounts.google.com/o/oauth2/v2/auth',
      'https://accounts.google.com/o/oauth2/auth',
    ],
    token_url: [
      'https://oauth2.googleapis.com/token',
      'https://accounts.google.com/o/oauth2/token',
      'https://www.googleapis.com/oauth2/v4/token',
    ],
  },
  // Google sends `iss` without promising it in its metadata (RFC 9207 §3), so its absence is no error.
  issuer: 'https://accounts.google.com',
  authorize: {
    // Google gives a refresh token only for offline access, and again only after a new consent.
    extra: { access_type: 'offline', prompt: 'consent', include_granted_scopes: 'false' },
    always_scopes: ['openid', 'email'],
  },
  token: { auth_method: 'client_secret_post' },
  refresh: { rotates: false, idle_lifetime: 180 * 86_400 },
  revocation: {
    url: 'https://oauth2.googleapis.com/revoke',
    auth: 'none',
    // Ends the whole grant of this account to the Google Cloud project, whichever of its tokens is sent.
    ends_siblings: true,
  },
  account: {
    url: 'https://openidconnect.googleapis.com/v1/userinfo',
    id: 'sub',
    label: 'email',
    email: 'email',
  },
} satisfies Partial<Provider>

export const googleAlways = [
  { scope: 'openid', sentence: 'Know which Google account this is.' },
  { scope: 'email', sentence: 'See your email address.' },
]

export const googleProvenance = [
  'https://accounts.google.com/.well-known/openid-configuration',
  'https://developers.google.com/identity/protocols/oauth2/web-server',
  'https://developers.google.com/identity/protocols/oauth2#expiration',
  'https://github.com/openiddict/openiddict-core/issues/2428',
]
