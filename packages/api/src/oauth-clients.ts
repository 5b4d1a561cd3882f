import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { data, id, idParam, list, page, text, time } from './fields.ts'

/** RFC 6749, 8628, 8693. */
export const clientGrantTypes = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:device_code',
  'urn:ietf:params:oauth:grant-type:token-exchange',
] as const

/** RFC 7591 §2, RFC 7523. */
export const clientAuthMethods = [
  'none',
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
] as const

const httpsUrl = (what: string) =>
  z
    .string()
    .max(2048)
    .regex(/^https:\/\/[^\s\\@#]+$/i, 'must be an absolute https URL without user info, fragment or spaces')
    .regex(/^[\x21-\x7e]+$/, 'must be plain ASCII: write other letters percent-encoded, hosts in Punycode')
    .describe(what)

const scope = z
  .string()
  .max(1000)
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/, 'must be scopes, one space between them')
  .describe('The scopes that it may ask people for, separated by spaces')

const jwks = z
  .object({ keys: z.array(z.record(z.string(), z.unknown())).min(1).max(10) })
  .describe('Public keys for private_key_jwt')

/** RFC 7591 §2 client metadata. */
const settable = {
  client_name: text(120).describe('What people are shown when they are asked'),
  redirect_uris: z.array(z.string().max(2048)).max(20).describe('Compared exactly'),
  grant_types: z.array(z.enum(clientGrantTypes)).min(1).max(clientGrantTypes.length),
  token_endpoint_auth_method: z.enum(clientAuthMethods),
  application_type: z.enum(['web', 'native']),
  scope,
}
const optional = {
  jwks,
  jwks_uri: httpsUrl('Where its public keys are'),
  client_uri: httpsUrl('Its home page'),
  logo_uri: httpsUrl('Its logo'),
  policy_uri: httpsUrl('Its privacy policy'),
  tos_uri: httpsUrl('Its terms of service'),
}

const nullable = {
  jwks: optional.jwks.nullable(),
  jwks_uri: optional.jwks_uri.nullable(),
  client_uri: optional.client_uri.nullable(),
  logo_uri: optional.logo_uri.nullable(),
  policy_uri: optional.policy_uri.nullable(),
  tos_uri: optional.tos_uri.nullable(),
}

const clientId = z.string().describe('What the app calls itself by at the authorization server')

const oauthClient = z.object({
  id: id('cli', 'the OAuth client'),
  client_id: clientId,
  client_name: z.string().nullable(),
  redirect_uris: z.array(z.string()),
  grant_types: z.array(z.string()),
  response_types: z.array(z.string()),
  token_endpoint_auth_method: z.string(),
  application_type: z.enum(['web', 'native']),
  scope: z.string(),
  jwks: z.record(z.string(), z.unknown()).nullable(),
  jwks_uri: z.string().nullable(),
  client_uri: z.string().nullable(),
  logo_uri: z.string().nullable(),
  policy_uri: z.string().nullable(),
  tos_uri: z.string().nullable(),
  origin: z
    .enum(['api', 'registered'])
    .describe('`registered`: it registered itself, with a registration token'),
  secrets: z
    .array(z.object({ created_at: time, ends_at: time.nullable() }))
    .describe('Which secrets open it now, oldest first; two while a rotation overlaps'),
  created_at: time,
  updated_at: time,
  last_used_at: time.nullable().describe('Accurate to a day'),
})

const tag = 'OAuth clients'
const params = idParam('cli', 'the OAuth client')
const secret = z.string().describe('Shown once')

export const createOAuthClient = endpoint({
  method: 'POST',
  path: '/oauth-clients',
  access: ['clients:write'],
  tag,
  summary: "Register a partner app with Grantry's own authorization server",
  description:
    'Field names are those of RFC 7591. Only an app that can keep a secret may have tokens:read, proxy:call, client credentials or token exchange.',
  status: 201,
  secret: true,
  body: z
    .strictObject({ ...settable, ...optional })
    .partial()
    .required({ client_name: true }),
  response: data(
    oauthClient.extend({ client_secret: secret.nullable().describe('Shown once; null where it has none') }),
  ),
})

export const listOAuthClients = endpoint({
  method: 'GET',
  path: '/oauth-clients',
  access: ['clients:write'],
  tag,
  summary: 'List OAuth clients, without their secrets',
  query: z.strictObject(page),
  response: list(oauthClient),
})

export const getOAuthClient = endpoint({
  method: 'GET',
  path: '/oauth-clients/:id',
  access: ['clients:write'],
  tag,
  summary: 'Show an OAuth client',
  params,
  response: data(oauthClient),
})

export const updateOAuthClient = endpoint({
  method: 'PATCH',
  path: '/oauth-clients/:id',
  access: ['clients:write'],
  tag,
  summary: 'Change an OAuth client',
  description:
    'Access tokens that it holds end when it loses a scope or a grant type, or authenticates in another way. A client that registered itself is changed by itself (RFC 7592).',
  params,
  body: z.strictObject({ ...settable, ...nullable }).partial(),
  response: data(oauthClient),
})

export const deleteOAuthClient = endpoint({
  method: 'DELETE',
  path: '/oauth-clients/:id',
  access: ['clients:write'],
  tag,
  summary: 'End an OAuth client, with all that people allowed it and all its tokens',
  params,
  response: data(z.object({ id: id('cli', 'the OAuth client'), deleted: z.literal(true) })),
})

export const rotateOAuthClientSecret = endpoint({
  method: 'POST',
  path: '/oauth-clients/:id/rotate-secret',
  access: ['clients:write'],
  tag,
  summary: 'Give an OAuth client a new secret; the old one works on for the overlap',
  description: 'At most two secrets work: a third within the overlap ends the oldest.',
  secret: true,
  params,
  body: z.strictObject({
    overlap_seconds: z
      .number()
      .int()
      .min(0)
      .max(2_592_000)
      .default(86_400)
      .describe('How long the old secret works on'),
  }),
  response: data(
    oauthClient.extend({
      client_secret: secret,
      previous_secret_ends_at: time.nullable().describe('null where there was none'),
    }),
  ),
})

const registrationToken = z.object({
  id: id('irt', 'the registration token'),
  name: z.string(),
  created_at: time,
  expires_at: time.nullable(),
  last_used_at: time.nullable(),
})

export const createRegistrationToken = endpoint({
  method: 'POST',
  path: '/registration-tokens',
  access: ['admin'],
  tag,
  summary: 'Make an initial access token (RFC 7591 §3)',
  description: 'Clients that register with it belong to this workspace: nobody of another can use them.',
  status: 201,
  secret: true,
  body: z.strictObject({ name: text(120), expires_at: time.optional() }),
  response: data(registrationToken.extend({ token: secret })),
})

export const listRegistrationTokens = endpoint({
  method: 'GET',
  path: '/registration-tokens',
  access: ['admin'],
  tag,
  summary: 'List initial access tokens, without the tokens',
  query: z.strictObject(page),
  response: list(registrationToken),
})

export const deleteRegistrationToken = endpoint({
  method: 'DELETE',
  path: '/registration-tokens/:id',
  access: ['admin'],
  tag,
  summary: 'End an initial access token; clients that registered with it stay',
  params: idParam('irt', 'the registration token'),
  response: data(z.object({ id: id('irt', 'the registration token'), deleted: z.literal(true) })),
})
