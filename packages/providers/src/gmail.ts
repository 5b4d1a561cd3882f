import type { Provider } from './provider.ts'

export const gmail: Provider = {
  name: 'gmail',
  display_name: 'Gmail',
  category: 'email',
  docs_url: 'https://developers.google.com/workspace/gmail/api/guides',
  grant_types: ['authorization_code', 'refresh_token'],

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
  api: { base_url: 'https://gmail.googleapis.com' },
  account: {
    url: 'https://openidconnect.googleapis.com/v1/userinfo',
    id: 'sub',
    label: 'email',
    email: 'email',
  },

  scopes: {
    read: [
      {
        scope: 'https://www.googleapis.com/auth/gmail.readonly',
        sentence: 'Read your emails, attachments and labels.',
      },
    ],
    write: [
      {
        scope: 'https://www.googleapis.com/auth/gmail.modify',
        sentence:
          'Read, write, send and sort your emails, and move them to the trash, but never delete them for good.',
      },
    ],
    always: [
      { scope: 'openid', sentence: 'Know which Google account this is.' },
      { scope: 'email', sentence: 'See your email address.' },
    ],
  },
  notes:
    'gmail.readonly and gmail.modify are restricted scopes: an app for the public passes a verification at Google first. ' +
    'While the consent screen is in testing, refresh tokens end after 7 days. A changed password ends them too.',
  provenance: [
    'https://accounts.google.com/.well-known/openid-configuration',
    'https://developers.google.com/identity/protocols/oauth2/web-server',
    'https://developers.google.com/identity/protocols/oauth2#expiration',
    'https://developers.google.com/workspace/gmail/api/auth/scopes',
    'https://github.com/openiddict/openiddict-core/issues/2428',
  ],
}
