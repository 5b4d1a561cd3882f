import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { data, id, list, page, text, time } from './fields.ts'

const label = (what: string) => z.string().nullable().describe(`${what}. As it is now; null where it is gone`)

/** One line of an audit log. */
export const event = z.object({
  id: id('evt', 'the event'),
  type: z.string(),
  at: time,
  actor: z.object({
    kind: z.string(),
    id: z.string().nullable(),
    label: label(
      "Name of the API key or client, or the member's e-mail address; null also for a credential that is narrowed",
    ),
  }),
  connection_id: id('con', 'the connection').nullable(),
  connection_label: label('Of its account, else of its end user'),
  integration_id: id('int', 'the integration').nullable(),
  integration_label: label('Of the integration'),
  app_id: id('app', 'the app').nullable(),
  end_user_id: z.string().nullable(),
  request_id: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
})

const chosen = {
  type: text(64)
    .regex(
      /^[a-z_]+(\.[a-z_]+)?(\.\*)?$/,
      'must be a type such as connection.created, or all of a kind: connection.*',
    )
    .optional()
    .describe('`connection.created`, or all of a kind: `connection.*`'),
  connection: id('con', 'the connection').optional(),
  integration: id('int', 'the integration').optional(),
  end_user: text(255).optional(),
  actor: text(64).optional().describe('Id of an API key, member or client'),
  since: time.optional().describe('From then on'),
  until: time.optional().describe('Before then'),
}

export const listEvents = endpoint({
  method: 'GET',
  path: '/events',
  access: ['events:read'],
  tag: 'Events',
  summary: 'Read the audit log, newest first',
  query: z.strictObject({ ...page, ...chosen }),
  response: list(event),
})

export const eventFormats = ['jsonl', 'csv'] as const

export const exportEvents = endpoint({
  method: 'GET',
  path: '/events/export',
  access: ['events:read'],
  tag: 'Events',
  summary: 'Take the audit log along, newest first',
  description:
    'What `GET /events` answers with the same filters, as one file that streams: a line of JSON each, or CSV (RFC 4180) whose texts no spreadsheet takes for a formula. What happens after it began is not in it. A file that was cut off ends without its last line break. The export is an event itself.',
  secret: true,
  streams: ['application/x-ndjson', 'text/csv'],
  query: z.strictObject({ ...chosen, format: z.enum(eventFormats).default('jsonl') }),
  response: z.unknown().describe('The file'),
})

const seq = z.number().int().min(0)

export const getEventChain = endpoint({
  method: 'GET',
  path: '/events/chain',
  access: ['events:read'],
  tag: 'Events',
  summary: 'See how far the audit log is chained and signed',
  description:
    'Each event gets a number and a hash over itself and the hash before, within seconds; every five minutes, and with each export, the deployment signs how far the chain goes.',
  response: data(
    z.object({
      seq: seq.describe('Of the last event in the chain; 0: none'),
      hash: z.string().describe('Its hash: SHA-256, hex'),
      unlinked: seq.describe('Events that have no place in the chain yet'),
      pruned_seq: seq.describe(
        'Up to here events were deleted when they were older than they are kept; 0: none',
      ),
      checkpoint: z
        .object({
          seq: seq.describe('How far it goes'),
          at: time,
          jws: z.string().describe('The checkpoint itself: a compact JWS'),
        })
        .nullable()
        .describe('The newest. Its key is at `/.well-known/grantry-audit-keys.json`'),
    }),
  ),
})

export const exportEventChain = endpoint({
  method: 'GET',
  path: '/events/chain/export',
  access: ['events:read'],
  tag: 'Events',
  summary: 'Take the audit log along so that it can be checked, oldest first',
  description:
    'Lines of JSON: where it begins and how far it goes, signed; each event with its number and hash; checkpoints. `grantry events verify` checks such a file offline. For credentials that are not narrowed. The export is an event itself.',
  secret: true,
  streams: ['application/x-ndjson'],
  query: z.strictObject({
    after: z.coerce
      .number()
      .int()
      .min(0)
      .max(Number.MAX_SAFE_INTEGER)
      .optional()
      .describe('Go on behind this event, where an earlier export ended'),
  }),
  response: z.unknown().describe('The file'),
})
