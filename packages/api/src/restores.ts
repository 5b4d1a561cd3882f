import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { data, id, time } from './fields.ts'

const count = z.number().int()
const found = {
  unproven: count.describe(
    'Active connections whose tokens came back and have not been renewed since: their refresh token may have been replaced',
  ),
  needs_reauth: count.describe('Connections whose refresh token had been replaced: reason `restored`'),
}

export const getRestores = endpoint({
  method: 'GET',
  path: '/restores',
  access: ['operator'],
  tag: 'Restores',
  summary:
    'Show when the deployment was restored from a backup, and what has come of its connections (operator)',
  description:
    'In a workspace, `GET /api/v1/connections?from_backup=true&status=active` and `?reason=restored` list them.',
  response: data(
    z.object({
      restores: z
        .array(
          z.object({
            epoch: count.describe('Counts up from 1'),
            restored_at: time,
            taken_at: time.nullable().describe('When the backup was taken, as far as is known'),
          }),
        )
        .describe('Newest first'),
      connections: z.object(found),
      workspaces: z
        .array(z.object({ id: id('ws', 'the workspace'), name: z.string(), ...found }))
        .describe('Where there are any; at most 200, those with the most first'),
    }),
  ),
})
