import { z } from 'zod'
import { importedTokens } from './connections.ts'
import { endpoint } from './endpoint.ts'
import { data, endUser, id, plain, scopeToken, text, time } from './fields.ts'
import { proxyPolicy } from './proxy.ts'

/** How many items one import takes. Its body is 1 MiB at most, as any. */
export const mostImported = 500

/** A connection as it is brought from elsewhere: what `exportConnections` writes of one, with its integration's new id. */
export const importItem = z.strictObject({
  key: text(255).describe(
    'What the importer calls it, among those of its integration and app: the same key again is answered with the same connection',
  ),
  integration: id('int', 'the integration'),
  end_user: endUser.optional().describe("Absent: the workspace's own"),
  app_id: id('app', 'the app').optional(),
  account: z
    .strictObject({ id: text(255), label: text(320).optional(), email: text(320).optional() })
    .optional()
    .describe(
      'Whose account at the provider it is, where that is known: a reconnect must be to the same one',
    ),
  tokens: importedTokens,
  scopes: z
    .array(scopeToken)
    .max(100)
    .optional()
    .describe("Those that were asked for. Absent: the integration's"),
  metadata: z.record(plain(64), plain(512)).optional(),
  proxy_policy: proxyPolicy.optional(),
})

export type ImportItem = z.output<typeof importItem>

const { $schema: _, ...itemShape } = z.toJSONSchema(importItem, { io: 'input' })

export const importResult = z.object({
  key: z.string().nullable().describe('null where the item has none that could be read'),
  result: z
    .enum(['created', 'exists', 'checked', 'failed'])
    .describe(
      '`exists`: an item with this key has been imported before; `checked`: in a dry run, it would be created',
    ),
  connection_id: id('con', 'the connection').nullable(),
  first_refresh_at: time
    .nullable()
    .describe(
      'Where no access token came that is still good: when it is refreshed unless somebody asks for it before',
    ),
  error: z
    .object({
      code: z.string(),
      detail: z.string(),
      errors: z.array(z.object({ path: z.string(), message: z.string() })),
    })
    .nullable()
    .describe('Why it failed'),
})

export const importConnections = endpoint({
  method: 'POST',
  path: '/connections/import',
  access: ['connections:write'],
  tag: 'Connections',
  summary: 'Bring many connections from elsewhere',
  description:
    'Each item stands for itself: what is wrong with one is told in its result, and the others are stored. Nothing is asked of providers here: a connection without a good access token is refreshed when it is first read, or by the background, at half the pace that its provider config allows.',
  body: z.strictObject({
    // Each is judged by itself: a fault of one must not refuse the others.
    items: z
      .array(z.unknown().meta(itemShape as Record<string, unknown>))
      .min(1)
      .max(mostImported),
    dry_run: z.boolean().default(false).describe('Judges every item and stores nothing'),
  }),
  response: data(
    z.object({
      results: z.array(importResult).describe('In the order of the items'),
      connections_left: z
        .number()
        .int()
        .nullable()
        .describe('How many connections the plan allowed before this; null: any number'),
    }),
  ),
})

export const exportConnections = endpoint({
  method: 'POST',
  path: '/connections/export',
  access: ['connections:export'],
  tag: 'Connections',
  summary: 'Take all connections along, with their tokens, sealed',
  description:
    'JSON lines, one connection each, as a file in the age format (age-encryption.org/v1) that only the recipients can open. A file that was cut off does not open to its end.',
  secret: true,
  streams: 'application/vnd.age',
  body: z.strictObject({
    recipients: z
      .array(text(4000).regex(/^age1[a-z0-9]+$/, 'must be an age recipient: age1…'))
      .min(1)
      .max(20),
    integration: id('int', 'the one integration to take').optional(),
  }),
  response: z.unknown().describe('The sealed file'),
})
