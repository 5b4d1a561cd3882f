import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { data, id, idParam, list, page, plain, time, url } from './fields.ts'

/** The events that are told to endpoints. */
export const webhookTypes = [
  'connection.created',
  'connection.reconnected',
  'connection.refresh_failed',
  'connection.needs_reauth',
  'connection.recovered',
  'connection.revoked',
  'connection.expiring',
  'break_glass.started',
  'break_glass.finished',
] as const

export type WebhookType = (typeof webhookTypes)[number]

/** What is posted to an endpoint, as JSON, with the headers of Standard Webhooks. Never a token. */
export const webhookMessage = z.object({
  type: z.enum(webhookTypes),
  timestamp: time.describe('When it happened'),
  data: z.object({
    connection_id: id('con', 'the connection').nullable(),
    provider: z.string().nullable().describe('null for a generic integration'),
    integration_id: id('int', 'its integration').nullable(),
    end_user_id: z.string().nullable(),
    app_id: id('app', 'its app').nullable(),
    reason: z.string().optional().describe('Why, where there is a reason'),
  }),
})

export type WebhookMessage = z.infer<typeof webhookMessage>

/** What is posted of an event of the audit log, as the API tells it; `provider` is that of its connection. */
export function toWebhookMessage(
  event: Omit<WebhookMessage['data'], 'provider' | 'reason'> & {
    type: string
    at: string
    data: Record<string, unknown>
  },
  provider: string | null,
): WebhookMessage {
  const { connection_id, integration_id, end_user_id, app_id, data } = event
  const { reason } = data
  return {
    type: event.type as WebhookType,
    timestamp: event.at,
    data: {
      connection_id,
      provider,
      integration_id,
      end_user_id,
      app_id,
      ...(typeof reason === 'string' ? { reason } : {}),
    },
  }
}

const settable = {
  url: url.describe('Where messages are posted to'),
  types: z
    .array(z.enum(webhookTypes))
    .max(webhookTypes.length)
    .describe('Which events it hears of; empty: all of these'),
  description: plain(255),
}

const webhookEndpoint = z.object({
  id: id('whe', 'the endpoint'),
  ...settable,
  app_id: id('app', 'the app whose connections it hears of').nullable(),
  enabled: z.boolean(),
  disabled_reason: z
    .string()
    .nullable()
    .describe('`failing`: for five days nothing arrived. `gone`: it answered 410. `by_hand`'),
  failing_since: time.nullable().describe('null while messages arrive'),
  next_try_at: time.nullable().describe('When the message that failed last is tried again'),
  old_secret_until: time
    .nullable()
    .describe('Until when messages carry a signature by the secret before too'),
  created_at: time,
  updated_at: time,
})

const secret = z.string().describe('Signs the messages (`whsec_…`). Shown once')

const delivery = z.object({
  id: id('evt', 'the event: what the message calls itself in `webhook-id`'),
  type: z.enum(webhookTypes),
  status: z.enum(['pending', 'delivered', 'failed']),
  tries: z
    .array(
      z.object({
        at: time,
        status: z.number().int().nullable().describe('What the receiver answered; null where nothing came'),
        error: z.string().nullable().describe('Why nothing came'),
        ms: z.number().int().describe('How long that took'),
        answer: z.string().nullable().describe('The first 200 characters of a refusal'),
      }),
    )
    .describe('The last of them, oldest first'),
  delivered_at: time.nullable(),
})

const tag = 'Webhooks'
const params = idParam('whe', 'the endpoint')
const access = ['webhooks:write'] as const

export const createWebhookEndpoint = endpoint({
  method: 'POST',
  path: '/webhook-endpoints',
  access,
  tag,
  summary: 'Have events posted to an address',
  description:
    'Messages are signed as Standard Webhooks says, posted in order, and tried again for 27 hours. At most 20 endpoints.',
  status: 201,
  secret: true,
  body: z.strictObject({
    url: settable.url,
    types: settable.types.default([]),
    description: settable.description.default(''),
    app_id: id('app', 'the app whose connections it hears of; absent: of all').optional(),
  }),
  response: data(webhookEndpoint.extend({ secret })),
})

export const listWebhookEndpoints = endpoint({
  method: 'GET',
  path: '/webhook-endpoints',
  access,
  tag,
  summary: 'List where events are posted to',
  query: z.strictObject(page),
  response: list(webhookEndpoint),
})

export const getWebhookEndpoint = endpoint({
  method: 'GET',
  path: '/webhook-endpoints/:id',
  access,
  tag,
  summary: 'Show an endpoint; never its secret',
  params,
  response: data(webhookEndpoint),
})

export const updateWebhookEndpoint = endpoint({
  method: 'PATCH',
  path: '/webhook-endpoints/:id',
  access,
  tag,
  summary: 'Change an endpoint, stop it, or let it go on',
  description: 'What happens while it is disabled is not sent later; what waited before is.',
  params,
  body: z.strictObject({ ...settable, enabled: z.boolean() }).partial(),
  response: data(webhookEndpoint),
})

export const deleteWebhookEndpoint = endpoint({
  method: 'DELETE',
  path: '/webhook-endpoints/:id',
  access,
  tag,
  summary: 'End an endpoint, with what still waits for it',
  params,
  response: data(z.object({ id: id('whe', 'the endpoint'), deleted: z.literal(true) })),
})

export const rotateWebhookSecret = endpoint({
  method: 'POST',
  path: '/webhook-endpoints/:id/rotate-secret',
  access,
  tag,
  summary: 'Get another secret; for a while messages carry both signatures',
  secret: true,
  params,
  body: z.strictObject({
    overlap_seconds: z
      .number()
      .int()
      .min(0)
      .max(604_800)
      .default(86_400)
      .describe('Seconds in which the old secret signs too'),
  }),
  response: data(webhookEndpoint.extend({ secret })),
})

export const listWebhookDeliveries = endpoint({
  method: 'GET',
  path: '/webhook-endpoints/:id/deliveries',
  access,
  tag,
  summary: 'See what was sent and what came back, newest first; kept for 30 days',
  params,
  query: z.strictObject({ ...page, status: delivery.shape.status.optional() }),
  response: list(delivery),
})

export const redeliverWebhook = endpoint({
  method: 'POST',
  path: '/webhook-endpoints/:id/deliveries/:delivery/redeliver',
  access,
  tag,
  summary: 'Send a message again, under the same id',
  params: params.extend({ delivery: id('evt', 'the event') }),
  response: data(delivery),
})
