import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import {
  data,
  endUser,
  endUserShown,
  id,
  idParam,
  list,
  page,
  plain,
  scopeToken,
  text,
  time,
  tokenText,
} from './fields.ts'
import { proxyPolicy } from './proxy.ts'

export const connectionStatuses = ['pending', 'active', 'needs_reauth', 'revoked'] as const

export const connection = z.object({
  id: id('con', 'the connection'),
  integration_id: id('int', 'its integration'),
  provider: z.string().nullable().describe('null for a generic integration'),
  app_id: id('app', 'its app').nullable(),
  end_user: endUserShown.describe("null for the workspace's own"),
  status: z.enum(connectionStatuses),
  reason: z.string().nullable().describe('Why it is not active, or what is still to come'),
  reason_detail: z.string().nullable(),
  advice: z
    .object({ what: z.string(), todo: z.string() })
    .nullable()
    .describe('What happened and what to do, while something is wrong'),
  account: z
    .object({ id: z.string(), label: z.string().nullable(), email: z.string().nullable() })
    .nullable(),
  scopes_requested: z.array(z.string()),
  scopes_granted: z.array(z.string()).nullable(),
  metadata: z.record(z.string(), z.string()),
  proxy_policy: proxyPolicy.nullable().describe("In place of its integration's"),
  expires_at: time.nullable().describe('When the current access token ends'),
  ends_at: time
    .nullable()
    .describe(
      'When a person must connect it again, as far as is known: the end of the grant or of a refresh token that no refresh puts off, or of the access token where nothing can renew it',
    ),
  last_refresh: z.object({ at: time, ok: z.boolean(), error: z.string().nullable() }).nullable(),
  created_at: time,
  updated_at: time,
})

export const token = z.object({
  connection_id: id('con', 'the connection'),
  provider: z.string().nullable(),
  access_token: z.string(),
  token_type: z.string(),
  expires_at: time.nullable(),
  expires_in: z.number().int().nullable().describe('Seconds from now'),
  scopes: z.array(z.string()).nullable(),
  api_base_url: z.string().nullable(),
})

const tag = 'Connections'
const params = idParam('con', 'the connection')
const minValid = z.coerce
  .number()
  .int()
  .min(0)
  .max(86_400)
  .optional()
  .describe('Seconds that the token must still be valid for')

export const listConnections = endpoint({
  method: 'GET',
  path: '/connections',
  access: ['connections:read'],
  tag,
  summary: 'List connections',
  query: z.strictObject({
    ...page,
    integration: id('int', 'the integration').optional(),
    provider: plain(64).optional(),
    end_user: text(255).optional(),
    app: id('app', 'the app').optional(),
    status: z.enum(connectionStatuses).optional(),
    reason: text(64).optional().describe('Why it is not active'),
    from_backup: z
      .literal('true')
      .optional()
      .describe('Whose tokens came back with a restored backup and have not been renewed since'),
    ending_before: time
      .optional()
      .describe('Active, and to be connected again by a person before then: by `ends_at`'),
    q: text(100)
      .optional()
      .describe(
        "What an end user's id, e-mail address or name, or an account's id, label or e-mail address begins with, or one of the words of a name or label, or the domain of an address; in any case. Or a connection's id",
      ),
  }),
  response: list(connection),
})

/** Tokens that were granted elsewhere, to the same OAuth app. */
export const importedTokens = z
  .strictObject({
    access_token: tokenText.optional(),
    refresh_token: tokenText.optional(),
    expires_at: time.optional().describe('When the access token ends'),
    refresh_token_expires_at: time.optional().describe('When the refresh token ends if nobody uses it'),
    scope: plain(4000).optional(),
  })
  .refine((tokens) => Boolean(tokens.access_token || tokens.refresh_token), {
    message: 'give an access token, a refresh token, or both',
  })

export const importConnection = endpoint({
  method: 'POST',
  path: '/connections',
  access: ['connections:write'],
  tag,
  summary: 'Bring tokens from elsewhere',
  description: 'Tokens that came with nothing but a refresh token are refreshed at once.',
  status: 201,
  body: z.strictObject({
    integration: id('int', 'the integration'),
    end_user: endUser.optional(),
    app_id: id('app', 'the app').optional(),
    tokens: importedTokens,
    scopes: z.array(scopeToken).max(100).optional(),
    metadata: z.record(plain(64), plain(512)).optional(),
  }),
  response: data(connection),
})

export const getConnection = endpoint({
  method: 'GET',
  path: '/connections/:id',
  access: ['connections:read'],
  tag,
  summary: 'Show a connection; never its tokens',
  params,
  response: data(connection),
})

export const updateConnection = endpoint({
  method: 'PATCH',
  path: '/connections/:id',
  access: ['connections:write'],
  tag,
  summary: 'Change what may be called with a connection',
  params,
  body: z.strictObject({
    proxy_policy: proxyPolicy
      .nullable()
      .describe("In place of its integration's; null: as its integration says"),
  }),
  response: data(connection),
})

export const getConnectionToken = endpoint({
  method: 'GET',
  path: '/connections/:id/token',
  access: ['tokens:read'],
  tag,
  summary: 'Get an access token that works',
  secret: true,
  params,
  query: z.strictObject({ min_valid: minValid }),
  response: data(token),
})

export const findToken = endpoint({
  method: 'GET',
  path: '/token',
  access: ['tokens:read'],
  tag,
  summary: 'Get an access token by provider or integration and end user',
  secret: true,
  query: z
    .strictObject({
      provider: plain(64).optional().describe('Of the catalogue, or the name that an integration was given'),
      integration: id('int', 'the integration').optional(),
      end_user: text(255).optional().describe("Absent: the workspace's own connection"),
      app: id('app', 'the app').optional(),
      min_valid: minValid,
    })
    .refine((query) => Boolean(query.provider) !== Boolean(query.integration), {
      message: 'name either a provider or an integration',
      path: ['provider'],
    }),
  response: data(token),
})

export const refreshConnection = endpoint({
  method: 'POST',
  path: '/connections/:id/refresh',
  access: ['connections:write'],
  tag,
  summary: 'Refresh now',
  params,
  response: data(connection),
})

export const deleteConnection = endpoint({
  method: 'DELETE',
  path: '/connections/:id',
  access: ['connections:write'],
  tag,
  summary: 'End a connection here and at the provider',
  description: 'The tokens are unreadable at once; revoking at the provider is retried for up to 7 days.',
  params,
  query: z.strictObject({
    force: z
      .enum(['true', 'false'])
      .default('false')
      .describe('Revoke at the provider even where that ends other connections of the same account'),
  }),
  response: data(
    z.object({
      id: id('con', 'the connection'),
      status: z.literal('revoked'),
      revoked_upstream: z.union([z.literal(true), z.enum(['pending', 'unsupported', 'shared'])]),
    }),
  ),
})
