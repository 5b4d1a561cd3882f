import { z } from 'zod'
import { plain, text, time } from './fields.ts'

/** What can be limited: living connections, MCP servers, and API calls a minute. */
export const quotaNames = ['connections', 'mcp_servers', 'calls_per_minute'] as const

export type QuotaName = (typeof quotaNames)[number]

/** Features that the server itself withholds where they are not in a workspace's list; it tells of any other. */
export const enforcedFeatures = ['mcp', 'import', 'direct_links', 'end_user_tokens'] as const

export type EnforcedFeature = (typeof enforcedFeatures)[number]

const limit = z.number().int().min(0).max(1_000_000_000)

export const quotas = z
  .strictObject({ connections: limit, mcp_servers: limit, calls_per_minute: limit })
  .partial()
  .describe('Unlimited where nothing is set')

const feature = plain(64).regex(/^[A-Za-z0-9_.:-]+$/, 'must be letters, digits and _ . : -')

const unique = <T>(items: T[]) => new Set(items).size === items.length

const experiment = z
  .strictObject({
    key: feature,
    variants: z.array(feature).min(1).max(20).refine(unique, 'must differ from each other'),
    weights: z
      .array(z.number().int().min(0).max(1_000_000))
      .optional()
      .describe('One for each variant; equal shares where there are none'),
  })
  .refine(({ variants, weights }) => !weights || weights.length === variants.length, {
    path: ['weights'],
    message: 'must be one for each variant',
  })
  .refine(({ weights }) => !weights || weights.some((weight) => weight > 0), {
    path: ['weights'],
    message: 'must not all be 0',
  })

/** An experiment, and the shares of its variants. */
export type Experiment = z.output<typeof experiment>

/** What a plan gives a workspace; who may set it depends on the deployment. */
export const planSettings = {
  plan: text(64).nullable().describe('The name of the plan'),
  plan_expires_at: time.nullable().describe('Told to apps; nothing is turned off when it passes'),
  quotas,
  features: z
    .array(feature)
    .max(100)
    .refine(unique, 'must differ from each other')
    .nullable()
    .describe(
      `null: everything. A list turns off what it does not hold of ${enforcedFeatures.join(', ')}; other names are told to apps.`,
    ),
  experiments: z
    .array(experiment)
    .max(50)
    .refine((list) => unique(list.map(({ key }) => key)), 'must have different keys'),
}

export const assignment = z.object({ key: z.string(), variant: z.string() })
