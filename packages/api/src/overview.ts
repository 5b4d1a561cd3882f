import { z } from 'zod'
import type { connectionStatuses } from './connections.ts'
import { endpoint } from './endpoint.ts'
import { data, id, plain, time } from './fields.ts'

const count = z.number().int()

const byStatus = z.object({
  pending: count,
  active: count,
  needs_reauth: count,
  revoked: count.describe('Ended; they stay as a record'),
} satisfies Record<(typeof connectionStatuses)[number], unknown>)

const overview = z.object({
  as_of: time.describe('When this was counted: with many connections up to a minute ago'),
  has_integrations: z.boolean(),
  has_connections: z
    .boolean()
    .describe('Whether there is any, ended ones too: false tells a workspace that is new'),
  integrations: count,
  connections: byStatus.extend({ living: count.describe('All but the ended ones') }),
  by_integration: z
    .array(
      byStatus.extend({
        integration_id: id('int', 'the integration'),
        label: z.string().nullable().describe('null where the integration is gone'),
        provider: z.string().nullable().describe('null for a generic integration'),
        provider_name: z.string().nullable(),
      }),
    )
    .describe('Those with most living connections first; integrations without any come last'),
  needs_reauth: z.object({
    total: count,
    reasons: z
      .array(z.object({ reason: z.string(), connections: count }))
      .describe('The most frequent first'),
  }),
  ending: z
    .object({
      days: count,
      before: time,
      connections: count,
      first_ends_at: time.nullable(),
    })
    .describe(
      'Active connections that a person must connect again before that time: `ends_at` of the connection tells when. `GET /connections?ending_before=` lists them.',
    ),
  today: z
    .object({
      since: time.describe('Begin of the day, UTC'),
      token_reads: count,
      proxy_calls: count.describe("Requests and tool calls that went to providers' APIs"),
    })
    .describe(
      'Counted as they happen and added up every 10 seconds by each process: what a process counted since is lost where it is killed',
    ),
})

const figures =
  'Of the whole workspace: a credential that is narrowed to an app, an end user or chosen connections is refused.'

export const getOverview = endpoint({
  method: 'GET',
  path: '/overview',
  access: ['connections:read'],
  tag: 'Overview',
  summary: 'See how the connections of the workspace stand',
  description: figures,
  query: z.strictObject({
    days: z.coerce.number().int().min(1).max(365).default(7).describe('How far ahead `ending` looks'),
  }),
  response: data(overview),
})

export const refreshBuckets = ['hour', 'day'] as const

const seconds = z.number()

const refreshFigures = z.object({
  at: time.describe('Begin of the hour or day, UTC'),
  provider: z.string().nullable().describe('null for a generic integration'),
  integration_id: id('int', 'the generic integration')
    .nullable()
    .describe('null where a provider is named: its integrations are taken together'),
  name: z
    .string()
    .nullable()
    .describe('Of the provider, or the label of the integration; null where it is gone'),
  stored: count.describe('New tokens came'),
  refused: count.describe('The provider said that the grant is over'),
  transient: count.describe('No new tokens, and the grant untouched: an outage, or a limit of the provider'),
  uncertain: count.describe('The provider may have acted, and half a minute later nothing was known'),
  lag: z
    .object({
      refreshes: count.describe('Those that it was measured of'),
      p50: seconds,
      p95: seconds,
      max: seconds,
    })
    .nullable()
    .describe(
      'Seconds from when a refresh was due, as it was planned, until it was sent. Of first tries alone: a retry is due by its backoff; one that was asked for before it was due has none; what was put off while the provider failed counts from the new time. p50 and p95 are rounded up to 1, 2, 4, 8 … seconds, and to max at most, which is exact',
    ),
  answer: z
    .object({ mean: seconds, max: seconds })
    .nullable()
    .describe('Seconds from sending until the new tokens were here, of those that were stored'),
})

export const listRefreshFigures = endpoint({
  method: 'GET',
  path: '/overview/refreshes',
  access: ['connections:read'],
  tag: 'Overview',
  summary: 'See how refreshes went over time',
  description: `Each attempt counts once, in the hour or day (UTC) in which it was sent, as it stood half a minute later. Hours are kept for 14 days, days for 400. ${figures}`,
  query: z.strictObject({
    bucket: z.enum(refreshBuckets).default('hour'),
    since: time.optional().describe('Absent: 24 hours ago, or 30 days'),
    until: time.optional().describe('Absent: now'),
    provider: plain(64).optional(),
    integration: id('int', 'the integration').optional(),
  }),
  response: data(
    z.object({
      bucket: z.enum(refreshBuckets),
      since: time.describe('Begin of the first hour or day'),
      until: time,
      figures: z
        .array(refreshFigures)
        .describe('By time, oldest first; where nothing was refreshed there is none'),
    }),
  ),
})
