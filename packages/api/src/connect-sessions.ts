import { z } from 'zod'
import { connection } from './connections.ts'
import { endpoint } from './endpoint.ts'
import { data, endUser, id, idParam, plain, scopeToken, text, time } from './fields.ts'
import { origin } from './workspaces.ts'

export const bindings = ['confirm', 'finish', 'direct'] as const
export const sessionStatuses = [
  'created',
  'started',
  'awaiting_finish',
  'completed',
  'failed',
  'expired',
] as const

export const createConnectSession = endpoint({
  method: 'POST',
  path: '/connect-sessions',
  access: ['connections:write'],
  tag: 'Connect',
  summary: 'Start connecting an account',
  description:
    'Open `connect_url` (or, for a link that goes to the provider at once, `authorization_url`) in the browser of the end user. `binding` says how it is made sure that the person who consents is that end user. Name one integration (by `integration` or `provider`), several (`integrations`, `providers`), or none: then the person chooses, among those or all of the workspace, at `connect_url`.',
  status: 201,
  secret: true,
  body: z
    .strictObject({
      integration: id('int', 'the integration').optional(),
      provider: plain(64).optional(),
      integrations: z
        .array(id('int', 'an integration'))
        .min(1)
        .max(50)
        .optional()
        .describe('The person chooses one of these, and of `providers`'),
      providers: z.array(plain(64)).min(1).max(50).optional(),
      end_user: endUser.optional().describe("Without one the connection is the workspace's own"),
      app_id: id('app', 'the app').optional(),
      access_type: z
        .enum(['read', 'write'])
        .optional()
        .describe("The catalogue's scopes for reading or for writing"),
      scopes: z.array(scopeToken).max(100).optional(),
      binding: z.enum(bindings).default('confirm'),
      state: plain(2048).optional().describe('Yours; comes back with return_to'),
      return_to: plain(2048).optional(),
      origin: origin.optional().describe('The page that opens the popup'),
      connection_id: id('con', 'the connection to renew').optional(),
      allow_account_change: z.boolean().default(false),
    })
    .refine(
      ({ integrations, providers, ...one }) =>
        !(integrations || providers) || !(one.integration || one.provider || one.connection_id),
      {
        message: 'cannot be given beside an integration, a provider or the connection to renew',
        path: ['integrations'],
      },
    ),
  response: data(
    z.object({
      id: id('cs', 'the connect session'),
      connect_url: z.string(),
      start_token: z.string(),
      authorization_url: z
        .string()
        .nullable()
        .describe('Works for 10 minutes; null where the person chooses among several integrations first'),
      connect_token: z
        .string()
        .describe('Reads the status and finishes; belongs in the Authorization header only'),
      expires_at: time,
      provider_name: z.string().nullable().describe('null where the person chooses'),
    }),
  ),
})

const session = z.object({
  id: id('cs', 'the connect session'),
  status: z.enum(sessionStatuses),
  error: z.string().nullable(),
  error_description: z.string().nullable(),
  connection_id: id('con', 'the connection').nullable(),
  binding: z.enum(bindings),
  provider_name: z.string().nullable().describe('null until the person has chosen'),
  expires_at: time,
})

export const getConnectSession = endpoint({
  method: 'GET',
  path: '/connect-sessions/:id',
  access: ['connections:read', 'connect_token'],
  tag: 'Connect',
  summary: 'Follow a connect session',
  params: idParam('cs', 'the connect session'),
  response: data(session),
})

export const finishConnectSession = endpoint({
  method: 'POST',
  path: '/connect-sessions/:id/finish',
  access: ['connections:write', 'connect_token'],
  tag: 'Connect',
  summary: 'Finish connecting',
  description:
    'With an API key, name the end user whom *your* server has signed in. In the other bindings `code` is a receipt for a connection that is already made.',
  params: idParam('cs', 'the connect session'),
  body: z.strictObject({ code: z.string().min(1).max(512), end_user_id: text(255).nullable().optional() }),
  response: data(connection),
})
