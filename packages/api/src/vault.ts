import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { event } from './events.ts'
import { data, id, idParam, list, page, text, time } from './fields.ts'

const states = ['sealing', 'former', 'retired'] as const

const dataKey = z.object({
  id: id('dk', 'the data key'),
  workspace_id: id('ws', 'the workspace').nullable().describe("null: of the deployment's own secrets"),
  state: z
    .enum(states)
    .describe(
      '`sealing`: new values are sealed by it. `former`: it only opens. `retired`: its bytes are destroyed',
    ),
  root_key: z.string().describe('Which root key wraps it'),
  created_at: time,
  rotates_at: time
    .nullable()
    .describe('When another follows it at the latest; null for one that has been followed'),
  superseded_at: time.nullable().describe('Since when another seals'),
  retired_at: time.nullable(),
})

const count = z.number().int()

const status = z.object({
  root_keys: z
    .array(
      z.object({
        id: z.string().describe('Tells root keys apart and says nothing about them'),
        data_keys: count.describe('How many data keys it wraps'),
        wraps_here: z.boolean().describe('Whether the process that answers wraps new data keys by it'),
        to_wrap_all: z.boolean().describe('Whether every data key is being wrapped by it'),
        known: z.boolean().describe('Whether the process that answers was given it'),
      }),
    )
    .describe('One that wraps no data key is not needed any more'),
  data_keys: z.object({ sealing: count, former: count, retired: count }),
  back_ends: z
    .array(
      z.object({
        name: z.enum(['database', 'aws-secrets-manager', 'openbao']),
        configured: z.boolean().describe('Whether the process that answers keeps new values there'),
        values: count.nullable().describe('How many rest there; null: of the database they are not counted'),
        to_remove: count.describe('Values there that nobody needs any more, and that are removed by and by'),
      }),
    )
    .describe('Where values rest, besides those of a few minutes, which stay in the database'),
  values: z.object({
    left: count.describe(
      'Values that are still to be sealed anew or moved to the configured back end, as of the last look',
    ),
    refused: count.describe('Of those, the ones that do not open: changed, moved or rolled back'),
    workspaces_to_look_at: count.describe('Workspaces whose values have not been counted yet'),
  }),
})

export const getVault = endpoint({
  method: 'GET',
  path: '/vault',
  access: ['operator'],
  tag: 'Vault',
  summary: 'Show the keys of the deployment, and how far their rotation is (operator)',
  response: data(status),
})

export const listDataKeys = endpoint({
  method: 'GET',
  path: '/data-keys',
  access: ['operator'],
  tag: 'Vault',
  summary: 'List data keys, newest first (operator)',
  query: z.strictObject({
    ...page,
    workspace: text(64)
      .optional()
      .describe("Id of a workspace, or `deployment`: of the deployment's own secrets"),
    state: z.enum(states).optional(),
  }),
  response: list(dataKey),
})

export const rotateDataKeys = endpoint({
  method: 'POST',
  path: '/vault/rotations',
  access: ['operator'],
  tag: 'Vault',
  summary: 'Rotate data keys (operator)',
  description:
    'A new data key seals from then on, in every process within a second. What rests under the one before is sealed anew in the background; nothing stops meanwhile.',
  status: 202,
  body: z.strictObject({
    of: text(64).describe("Whose: id of a workspace, `deployment` (the deployment's own secrets) or `all`"),
  }),
  response: data(z.object({ rotating: count.describe('How many data keys are followed by another') })),
})

export const retireDataKey = endpoint({
  method: 'POST',
  path: '/data-keys/:id/retire',
  access: ['operator'],
  tag: 'Vault',
  summary: 'Destroy a data key that seals nothing any more (operator)',
  description:
    'Refused (409, with `values` and `unanswered_refreshes`) while anything may still need it, and in the first hour after its rotation. Backups of before hold the key themselves.',
  params: idParam('dk', 'the data key'),
  response: data(dataKey),
})

export const rewrapDataKeys = endpoint({
  method: 'POST',
  path: '/vault/rewrap',
  access: ['operator'],
  tag: 'Vault',
  summary: 'Wrap all data keys by the root key of this process (operator)',
  description:
    'Happens by itself when a new root key is configured; this is for going back to one that was in use before. Goes on in the background.',
  status: 202,
  response: data(status),
})

export const migrateVault = endpoint({
  method: 'POST',
  path: '/vault/migrations',
  access: ['operator'],
  tag: 'Vault',
  summary: 'Move all values to the configured back end (operator)',
  description:
    'Each is read, sealed anew, put into the back end, read back and opened before its row points there; the one before is removed after that. Goes on in the background, also over restarts; asking again does no harm. First every process has to be started with the new `GRANTRY_VAULT`.',
  status: 202,
  response: data(status),
})

export const listVaultEvents = endpoint({
  method: 'GET',
  path: '/vault/events',
  access: ['operator'],
  tag: 'Vault',
  summary: "Read the deployment's own audit log, newest first (operator)",
  description:
    "What belongs to no workspace, or outlives it: root keys, the deployment's data keys, destroyed ones.",
  query: z.strictObject(page),
  response: list(event),
})
