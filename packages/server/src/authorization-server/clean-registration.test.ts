import { describe, expect, test } from 'vitest'
import { cleanRegistration, registrableScopes } from './clean-registration.ts'
import { RegistrationError } from './registration-error.ts'

const web = { client_name: 'A tool', redirect_uris: ['https://tool.example/cb'] }

/** As today's MCP clients send it, in essence. */
const seen: [name: string, body: object, kept: object][] = [
  [
    'an editor with a scheme of one word, which calls itself a web app',
    {
      client_name: 'Cursor',
      redirect_uris: ['cursor://anysphere.cursor-mcp/oauth/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      application_type: 'web',
    },
    { application_type: 'native', token_endpoint_auth_method: 'none', scope: registrableScopes.join(' ') },
  ],
  [
    'an editor with addresses on the net and on this computer',
    {
      client_name: 'Visual Studio Code',
      client_uri: 'https://code.visualstudio.com',
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
      response_types: ['code'],
      redirect_uris: ['https://vscode.dev/redirect', 'http://127.0.0.1/', 'http://localhost:33418/'],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
    },
    {
      application_type: 'native',
      redirect_uris: ['https://vscode.dev/redirect', 'http://127.0.0.1/', 'http://localhost:33418/'],
    },
  ],
  [
    'a command that says no more than its address',
    { redirect_uris: ['http://127.0.0.1:3334/oauth/callback'] },
    {
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    },
  ],
  [
    'a site that keeps a secret',
    { ...web, token_endpoint_auth_method: 'client_secret_post', scope: 'mcp:read tokens:read unheard-of' },
    { application_type: 'web', token_endpoint_auth_method: 'client_secret_post', scope: 'mcp:read' },
  ],
]

describe('a registration', () => {
  test.each(seen)('of %s is kept as something usable', (_name, body, kept) => {
    expect(cleanRegistration(body)).toMatchObject(kept)
  })

  test('without a method is of a site that keeps a secret, as RFC 7591 has it', () => {
    expect(cleanRegistration(web)).toMatchObject({ token_endpoint_auth_method: 'client_secret_basic' })
  })

  test('keeps what it can have, and drops what it cannot and what nobody knows', () => {
    const given = {
      ...web,
      grant_types: ['authorization_code', 'client_credentials', 'password', 'implicit', 'x'],
      response_types: ['code', 'token', 'id_token'],
      scope: 'openid  proxy:call tokens:read account:read admin',
      client_id: 'cli_mine',
      client_secret: 'mine',
      workspace: 'another',
      origin: 'api',
      secret_hashes: ['00'],
      registered_at: 0,
      id_token_signed_response_alg: 'HS256',
      subject_type: 'pairwise',
      sector_identifier_uri: 'https://internal.example/',
      jwks_uri: 'https://internal.example/jwks',
      request_uris: ['https://internal.example/'],
      initiate_login_uri: 'https://internal.example/',
      software_statement: 'e30.e30.',
      'client_name#de': 'Ein Werkzeug',
      contacts: null,
      ['__proto__']: { polluted: true },
    }
    expect(cleanRegistration(JSON.parse(JSON.stringify(given)))).toEqual({
      ...web,
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      application_type: 'web',
      scope: 'account:read openid',
    })
  })

  test('can be of a device that nobody is sent back to', () => {
    const grant_types = ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token']
    expect(cleanRegistration({ grant_types })).toMatchObject({
      redirect_uris: [],
      response_types: [],
      grant_types,
    })
  })

  test('never reaches a provider’s own tokens', () => {
    for (const scope of [undefined, '', 'tokens:read mcp:read', 'proxy:call openid'])
      expect(cleanRegistration({ ...web, scope }).scope).not.toMatch(/tokens:read|proxy:call/)
  })

  const key = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }
  const signs = { ...web, token_endpoint_auth_method: 'private_key_jwt' }
  test('takes public keys inline', () => {
    expect(cleanRegistration({ ...signs, jwks: { keys: [key] } })).toMatchObject({ jwks: { keys: [key] } })
  })

  const hostile: [what: string, body: unknown, error?: string][] = [
    ['nothing', undefined],
    ['null', null],
    ['an array', [web]],
    ['text', 'x'],
    ['no redirect URI', { client_name: 'x' }, 'invalid_redirect_uri'],
    ['a redirect URI that is no text', { ...web, redirect_uris: [{}] }],
    ['redirect URIs that are no list', { ...web, redirect_uris: 'https://tool.example/cb' }],
    [
      'too many redirect URIs',
      { redirect_uris: Array.from({ length: 21 }, (_, i) => `https://tool.example/${i}`) },
    ],
    ...[
      'javascript:alert(1)',
      'data:text/html,x',
      'vbscript:x',
      'file:///etc/passwd',
      'blob:https://tool.example/x',
      'http://tool.example/cb',
      'https://user@tool.example/cb',
      'https://tool.example/cb#x',
      'https://*.example/cb',
      'https://tool.example\\@evil.example/cb',
      'https://tool.example/\r\nx',
      'evil:/cb',
      '//tool.example/cb',
      `https://tool.example/${'x'.repeat(3000)}`,
    ].map((uri): [string, unknown] => [
      `redirect URI ${uri.slice(0, 40)}`,
      { redirect_uris: ['https://tool.example/cb', uri] },
    ]),
    ['a control in its name', { ...web, client_name: 'a\u0000b' }, 'invalid_client_metadata'],
    ['a line end in its name', { ...web, client_name: 'a\nb' }, 'invalid_client_metadata'],
    ['a bidi override in its name', { ...web, client_name: '\u202etool' }, 'invalid_client_metadata'],
    ['a bidi isolate in its name', { ...web, client_name: '\u2066tool' }, 'invalid_client_metadata'],
    ['a name that cannot be seen', { ...web, client_name: '\u3164' }, 'invalid_client_metadata'],
    ['a name of spaces', { ...web, client_name: '   ' }, 'invalid_client_metadata'],
    ['half a letter in its name', { ...web, client_name: 'a\ud800' }, 'invalid_client_metadata'],
    ['a long name', { ...web, client_name: 'x'.repeat(121) }, 'invalid_client_metadata'],
    ['a name that is no text', { ...web, client_name: ['x'] }, 'invalid_client_metadata'],
    ['a script for a home page', { ...web, client_uri: 'javascript:alert(1)' }, 'invalid_client_metadata'],
    ['a home page without TLS', { ...web, client_uri: 'http://tool.example' }, 'invalid_client_metadata'],
    ['a logo as data', { ...web, logo_uri: 'data:image/svg+xml,x' }, 'invalid_client_metadata'],
    ['a user in its terms', { ...web, tos_uri: 'https://a@tool.example' }, 'invalid_client_metadata'],
    [
      'quotes in its policy',
      { ...web, policy_uri: 'https://tool.example/"onclick="' },
      'invalid_client_metadata',
    ],
    [
      'a long home page',
      { ...web, client_uri: `https://tool.example/${'x'.repeat(2048)}` },
      'invalid_client_metadata',
    ],
    ['no usable grant type', { ...web, grant_types: ['client_credentials'] }, 'invalid_client_metadata'],
    [
      'token exchange alone',
      { ...web, grant_types: ['urn:ietf:params:oauth:grant-type:token-exchange'] },
      'invalid_client_metadata',
    ],
    ['refresh alone', { ...web, grant_types: ['refresh_token'] }, 'invalid_client_metadata'],
    [
      'grant types that are no list',
      { ...web, grant_types: 'authorization_code' },
      'invalid_client_metadata',
    ],
    [
      'a method that we do not have',
      { ...web, token_endpoint_auth_method: 'client_secret_jwt' },
      'invalid_client_metadata',
    ],
    ['a scope that it cannot have', { ...web, scope: 'tokens:read proxy:call' }, 'invalid_client_metadata'],
    ['a scope that is no text', { ...web, scope: ['openid'] }, 'invalid_client_metadata'],
    ['no keys to sign with', signs, 'invalid_client_metadata'],
    ['keys at an address', { ...signs, jwks_uri: 'https://tool.example/jwks' }, 'invalid_client_metadata'],
    ['keys that are no list', { ...signs, jwks: { keys: {} } }, 'invalid_client_metadata'],
    ['a key that is no object', { ...signs, jwks: { keys: ['x'] } }, 'invalid_client_metadata'],
    ['a private key', { ...signs, jwks: { keys: [{ ...key, d: 'd' }] } }, 'invalid_client_metadata'],
    ['a shared key', { ...signs, jwks: { keys: [{ kty: 'oct', k: 'k' }] } }, 'invalid_client_metadata'],
    ['too many keys', { ...signs, jwks: { keys: Array(11).fill(key) } }, 'invalid_client_metadata'],
  ]
  test.each(hostile)('with %s is refused', (_what, body, error) => {
    try {
      expect(cleanRegistration(body)).toBe('refused')
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(RegistrationError)
      const { status, error: code } = thrown as RegistrationError
      expect([status, code]).toEqual([
        400,
        error ?? expect.stringMatching(/^invalid_(redirect_uri|client_metadata)$/),
      ])
    }
  })
})
