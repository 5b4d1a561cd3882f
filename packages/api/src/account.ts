import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { data, id, time } from './fields.ts'
import { assignment, quotas } from './plans.ts'

const user = {
  email: z.string().nullable(),
  name: z.string().nullable(),
  registered_at: time.nullable(),
  subscription_status: z.enum(['active', 'expired', 'none']).describe("Of the workspace's plan"),
}

export const getAccount = endpoint({
  method: 'GET',
  path: '/account',
  access: ['any', 'account:read'],
  tag: 'Workspace',
  summary: 'Tell who this credential is, and what its plan gives',
  response: data(
    z.object({
      credential: z.object({ kind: z.string(), id: z.string().nullable(), scopes: z.array(z.string()) }),
      user: z
        .object({ id: z.string(), ...user })
        .nullable()
        .describe('The member who made an API key, null for the first key; the member or end user otherwise'),
      workspace: z.object({
        id: id('ws', 'the workspace'),
        name: z.string(),
        role: z.string().nullable().describe("The member's"),
      }),
      plan: z.string().nullable(),
      plan_expires_at: time.nullable(),
      quotas,
      features: z.array(z.string()),
      experiments: z.array(assignment),
    }),
  ),
})

/** As KonPro's documentation has it; ids are bare UUIDs here. */
export const getKonproAccount = endpoint({
  method: 'GET',
  prefix: '/v1/pacific',
  path: '/account.get',
  access: ['any', 'account:read'],
  tag: 'Compatible: KonPro',
  summary: 'Get user’s account information',
  response: z.object({
    experiments: z.array(assignment),
    features: z.array(z.string()),
    space: z.object({
      id: z.uuid(),
      name: z.string(),
      role: z.string().nullable(),
      permissions: z.array(z.string()),
    }),
    user: z.object({ id: z.string(), ...user }).nullable(),
    plan: z.object({ tier: z.string().nullable(), quotas, expires_at: time.nullable() }),
  }),
})
