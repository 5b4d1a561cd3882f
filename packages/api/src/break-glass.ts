import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { data, id, idParam, list, page, plain, text, time } from './fields.ts'

const count = z.number().int()

/** What narrows a choice; all that are given must fit. */
const narrowing = {
  provider: plain(64).min(1).optional(),
  created_since: time.optional().describe('Connected from then on'),
  created_until: time.optional().describe('Connected before then'),
  read_since: time
    .optional()
    .describe(
      'A token was read, or a call made with it, from then on; with `api_key_id` by that key. By the audit log',
    ),
  read_until: time.optional().describe('The same, before then'),
}

const ofOneWorkspace = {
  integration_id: id('int', 'the integration').optional(),
  app_id: id('app', 'the app').optional(),
  end_user_id: text(255).optional(),
  api_key_id: id(
    'key',
    'an API key, also of one that has ended: the connections whose tokens it read, or whose APIs it called, itself or by tokens that it minted for end users',
  ).optional(),
}

const everything = z.literal(true).optional().describe('Every connection there is: must be said, and alone')

const force = z
  .boolean()
  .default(false)
  .describe(
    'Revoke at the provider also where that ends connections that were not chosen: those of the same account, or on the same tokens',
  )

const delete_api_key = z
  .boolean()
  .default(false)
  .describe('End the API key of the criteria too, before anything else')

/** How many criteria are given, where is not one. */
function given({ workspace_id: _one, all_workspaces: _all, ...criteria }: Record<string, unknown>): number {
  return Object.values(criteria).filter((value) => value !== undefined).length
}

const choice = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z
    .strictObject({ ...narrowing, ...ofOneWorkspace, everything, ...shape })
    .refine((criteria) => given(criteria) > 0, 'say which connections, or `everything`')
    .refine((criteria) => !('everything' in criteria) || given(criteria) === 1, '`everything` stands alone')

const description = 'Which connections: those that fit all that is said'

const chosen = choice({}).describe(description)

const chosenByOperator = choice({
  workspace_id: id('ws', 'the one workspace').optional(),
  all_workspaces: z.literal(true).optional().describe('Those of every workspace'),
})
  .refine(
    (criteria) => (criteria.workspace_id === undefined) !== (criteria.all_workspaces === undefined),
    'say one workspace, or `all_workspaces`',
  )
  .refine(
    (criteria) =>
      criteria.all_workspaces === undefined ||
      Object.keys(ofOneWorkspace).every(
        (name) => criteria[name as keyof typeof ofOneWorkspace] === undefined,
      ),
    'an integration, app, end user or API key is of one workspace: name that',
  )
  .describe(description)

export type BreakGlassCriteria = z.output<typeof chosen>
export type OperatorCriteria = z.output<typeof chosenByOperator>

/** What became of a connection at its provider. */
export const breakGlassOutcomes = [
  'to_end',
  'waiting',
  'retrying',
  'revoked',
  'no_token',
  'unsupported',
  'shared',
  'failed',
] as const

export type BreakGlassOutcome = (typeof breakGlassOutcomes)[number]

/** Those in which somebody has to do something, as Grantry cannot. */
export const manualOutcomes = ['unsupported', 'shared', 'failed'] as const satisfies BreakGlassOutcome[]

const outcome = z
  .enum(breakGlassOutcomes)
  .describe(
    '`to_end`: is about to be ended here. `waiting`: ended here, the provider has not been asked yet. `retrying`: it has been asked in vain and will be again. `revoked`: it has confirmed. `no_token`: there was nothing to revoke. `unsupported`: it has no way to revoke. `shared`: revoking would end connections that were not chosen. `failed`: it was asked in vain for 7 days, or cannot be asked. The last three need manual work',
  )

const outcomes = z
  .object(
    Object.fromEntries(breakGlassOutcomes.map((name) => [name, count])) as Record<
      BreakGlassOutcome,
      typeof count
    >,
  )
  .describe('How many connections are in which state')

const preview = z.object({
  connections: count.describe('Living connections that fit'),
  groups: z
    .array(
      z.object({
        workspace_id: id('ws', 'the workspace'),
        integration_id: id('int', 'the integration'),
        label: z.string().nullable().describe('null where the integration is gone'),
        provider: z.string().nullable().describe('null for a generic integration'),
        connections: count,
        revocable: z.boolean().describe('Whether the provider has a way to revoke'),
      }),
    )
    .describe('By integration, those with most connections first, 200 at most'),
  sample: z
    .array(
      z.object({
        id: id('con', 'the connection'),
        provider: z.string().nullable(),
        account: z.string().nullable().describe('What the account is called'),
        end_user_id: z.string().nullable(),
      }),
    )
    .describe('The newest 10'),
  log_since: time.nullable().describe('Where the choice goes by the audit log: since when there is one'),
})

export const breakGlass = z.object({
  id: id('bgl', 'the break-glass revocation'),
  state: z
    .enum(['ending', 'revoking', 'done'])
    .describe(
      '`ending`: connections are being ended here. `revoking`: all are ended here, providers are being asked. `done`: every connection has an outcome',
    ),
  criteria: z.record(z.string(), z.unknown()).describe('As they were given'),
  force: z.boolean(),
  by: z.enum(['workspace', 'operator']),
  actor: z.object({ kind: z.string(), id: z.string().nullable() }),
  workspaces: count.describe('How many are concerned'),
  connections: count.describe('How many were chosen'),
  outcomes,
  needs_manual_work: count,
  api_key_deleted: z.boolean().describe('Whether the API key of the criteria was ended with it'),
  started_at: time,
  ended_at: time.nullable().describe('When all of them were ended here'),
  done_at: time.nullable(),
})

export const breakGlassConnection = z.object({
  connection_id: id('con', 'the connection'),
  workspace_id: id('ws', 'its workspace'),
  integration_id: id('int', 'its integration'),
  integration_label: z.string().nullable().describe('null where the integration is gone'),
  client_id: z.string().nullable().describe('Of the OAuth app at the provider'),
  provider: z.string().nullable().describe('null for a generic integration'),
  app_id: id('app', 'its app').nullable(),
  end_user_id: z.string().nullable(),
  account: z.object({
    id: z.string().nullable(),
    label: z.string().nullable(),
    email: z.string().nullable(),
  }),
  outcome,
  attempts: count,
  answer: z
    .object({
      at: time,
      status: z.number().int().nullable().describe('null where no answer came'),
      error: z.string().nullable(),
      description: z.string().nullable().describe("The provider's own words"),
    })
    .nullable()
    .describe('What the provider answered last; never a token'),
  needs_manual_work: z.boolean(),
  todo: z.string().nullable().describe('What somebody has to do'),
  todo_url: z.string().nullable().describe('Where, as far as the catalogue knows'),
})

const tag = 'Break-glass'
const params = idParam('bgl', 'the break-glass revocation')

const query = {
  outcome: outcome.optional(),
  manual: z.enum(['true', 'false']).optional().describe('Only what needs manual work, or only what does not'),
}

export const breakGlassFormats = ['jsonl', 'csv'] as const
const reportQuery = z.strictObject({
  ...query,
  format: z.enum(breakGlassFormats).default('jsonl'),
})

const startDescription =
  'They become `revoked` here first, with the reason `break_glass`: when this is answered, no process hands out their tokens or calls with them any more. Then each is revoked at its provider, in the background, at half the pace that its provider config allows; what the provider answers is in the report. With very many connections the answer may come while they are still being ended (`state` tells).'

export const previewBreakGlass = endpoint({
  method: 'POST',
  path: '/break-glass/preview',
  access: ['admin'],
  tag,
  summary: 'Count what a break-glass revocation would end',
  body: z.strictObject({ criteria: chosen }),
  response: data(preview),
})

export const startBreakGlass = endpoint({
  method: 'POST',
  path: '/break-glass',
  access: ['admin'],
  tag,
  summary: 'End many connections at once, here and at their providers',
  description: startDescription,
  status: 201,
  body: z.strictObject({
    criteria: chosen,
    force,
    delete_api_key,
  }),
  response: data(breakGlass),
})

export const listBreakGlass = endpoint({
  method: 'GET',
  path: '/break-glass',
  access: ['admin'],
  tag,
  summary: 'List break-glass revocations',
  query: z.strictObject(page),
  response: list(breakGlass),
})

export const getBreakGlass = endpoint({
  method: 'GET',
  path: '/break-glass/:id',
  access: ['admin'],
  tag,
  summary: 'Show how far a break-glass revocation is',
  params,
  response: data(breakGlass),
})

export const listBreakGlassConnections = endpoint({
  method: 'GET',
  path: '/break-glass/:id/connections',
  access: ['admin'],
  tag,
  summary: 'Read what became of each of its connections',
  params,
  query: z.strictObject({ ...page, ...query }),
  response: list(breakGlassConnection),
})

export const exportBreakGlass = endpoint({
  method: 'GET',
  path: '/break-glass/:id/report',
  access: ['admin'],
  tag,
  summary: 'Take the report along',
  description:
    'What `GET /break-glass/{id}/connections` answers, as one file that streams: a line of JSON each, or CSV (RFC 4180).',
  streams: ['application/x-ndjson', 'text/csv'],
  params,
  query: reportQuery,
  response: z.unknown().describe('The file'),
})

export const previewOperatorBreakGlass = endpoint({
  method: 'POST',
  path: '/operator/break-glass/preview',
  access: ['operator'],
  tag,
  summary: 'Count what a break-glass revocation would end (operator)',
  body: z.strictObject({ criteria: chosenByOperator }),
  response: data(preview),
})

export const startOperatorBreakGlass = endpoint({
  method: 'POST',
  path: '/operator/break-glass',
  access: ['operator'],
  tag,
  summary: 'End many connections of one workspace or of all (operator)',
  description: startDescription,
  status: 201,
  body: z.strictObject({
    criteria: chosenByOperator,
    force,
    delete_api_key,
  }),
  response: data(breakGlass),
})

export const listOperatorBreakGlass = endpoint({
  method: 'GET',
  path: '/operator/break-glass',
  access: ['operator'],
  tag,
  summary: "List the operator's break-glass revocations (operator)",
  query: z.strictObject(page),
  response: list(breakGlass),
})

export const getOperatorBreakGlass = endpoint({
  method: 'GET',
  path: '/operator/break-glass/:id',
  access: ['operator'],
  tag,
  summary: 'Show how far one is, over all workspaces (operator)',
  params,
  response: data(breakGlass),
})

export const listOperatorBreakGlassConnections = endpoint({
  method: 'GET',
  path: '/operator/break-glass/:id/connections',
  access: ['operator'],
  tag,
  summary: 'Read what became of each of its connections (operator)',
  params,
  query: z.strictObject({ ...page, ...query }),
  response: list(breakGlassConnection),
})

export const exportOperatorBreakGlass = endpoint({
  method: 'GET',
  path: '/operator/break-glass/:id/report',
  access: ['operator'],
  tag,
  summary: 'Take its report along (operator)',
  streams: ['application/x-ndjson', 'text/csv'],
  params,
  query: reportQuery,
  response: z.unknown().describe('The file'),
})
