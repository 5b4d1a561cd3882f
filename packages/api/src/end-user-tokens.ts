import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { data, endUser, id, time } from './fields.ts'

/** What an end user's own token can be allowed: nothing that reaches beyond their connections. */
export const endUserScopes = [
  'connections:read',
  'connections:write',
  'tokens:read',
  'proxy:call',
  'mcp:read',
  'mcp:write',
] as const

export const createEndUserToken = endpoint({
  method: 'POST',
  path: '/end-user-tokens',
  access: ['connections:write'],
  tag: 'Connections',
  summary: "Mint a short-lived token that reaches one end user's connections only",
  status: 201,
  secret: true,
  body: z.strictObject({
    end_user: endUser,
    scopes: z.array(z.enum(endUserScopes)).min(1).describe('No more than the API key has itself'),
    app_id: id('app', 'the app').optional(),
    ttl: z.number().int().min(1).max(3600).default(3600).describe('Seconds'),
  }),
  response: data(
    z.object({
      token: z.string().describe('Shown once'),
      end_user_id: z.string(),
      scopes: z.array(z.string()),
      expires_at: time,
    }),
  ),
})
