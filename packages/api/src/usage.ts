import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { data, time } from './fields.ts'
import { quotaNames } from './plans.ts'

export const getUsage = endpoint({
  method: 'GET',
  path: '/usage',
  access: ['any'],
  tag: 'Workspace',
  summary: 'See how much of the plan is used',
  description: 'Of the whole workspace: a key that is narrowed to an app is refused.',
  response: data(
    z.object({
      plan: z.string().nullable(),
      plan_expires_at: time.nullable(),
      quotas: z.array(
        z.object({
          name: z.enum(quotaNames),
          limit: z.number().int().nullable().describe('null: unlimited'),
          used: z
            .number()
            .int()
            .nullable()
            .describe(
              'Living connections (with many of them as counted within the last minute), MCP servers, or the calls of this minute; null for calls that are not limited, which are not counted',
            ),
        }),
      ),
    }),
  ),
})
