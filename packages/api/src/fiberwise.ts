import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { plain, scopeToken, text, time, url } from './fields.ts'

/** Bodies and paths as the Fiberwise documentation shows them; ids are bare UUIDs here. */
const tag = 'Compatible: Fiberwise'
const params = z.object({ provider_name: plain(64) })

export const registerOAuthProvider = endpoint({
  method: 'POST',
  path: '/credentials/oauth/register',
  access: ['integrations:write'],
  tag,
  summary: 'Register an OAuth provider, or change the one of that name',
  body: z.strictObject({
    provider_name: z
      .string()
      .max(64)
      .regex(/^[a-z0-9][a-z0-9_.-]*$/i, 'must be letters, digits, dots, dashes and underscores'),
    client_id: text(512),
    client_secret: text(4096).optional(),
    redirect_uri: url.optional(),
    token_data: z
      .strictObject({
        authorize_url: url.optional(),
        token_url: url.optional(),
        revoke_url: url.optional(),
        scopes: z.array(scopeToken).max(100).optional(),
      })
      .default({}),
    app_id: z.uuid().optional(),
  }),
  response: z.object({ success: z.literal(true), provider_id: z.uuid(), message: z.string() }),
})

export const listOAuthConnections = endpoint({
  method: 'GET',
  path: '/credentials/oauth/connections',
  access: ['connections:read'],
  tag,
  summary: 'List OAuth connections',
  query: z.strictObject({ end_user: text(255).optional(), app_id: z.uuid().optional() }),
  response: z.array(
    z.object({
      provider_type: z.string(),
      app_id: z.uuid().nullable(),
      created_at: time,
      status: z.string(),
    }),
  ),
})

export const revokeOAuthConnection = endpoint({
  method: 'DELETE',
  path: '/credentials/oauth/connections/:provider_name',
  access: ['connections:write'],
  tag,
  summary: 'Revoke an OAuth connection',
  params,
  query: z.strictObject({ end_user: text(255).optional(), app_id: z.uuid().optional() }),
  response: z.object({ success: z.literal(true), message: z.string() }),
})

/** Answers a redirect, so it is mounted by hand; the query is the contract's all the same. */
export const startOAuthQuery = z.strictObject({
  return_to: plain(2048).optional(),
  app_id: z.uuid().optional(),
  connect_session: plain(128).optional(),
  end_user: text(255).optional(),
})
