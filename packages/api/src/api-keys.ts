import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { data, id, idParam, list, page, text, time } from './fields.ts'
import { allScopes, exportScope } from './scopes.ts'

const apiKey = z.object({
  id: id('key', 'the API key'),
  name: z.string(),
  scopes: z.array(z.enum(allScopes)),
  app_id: id('app', 'the one app it is narrowed to').nullable(),
  providers: z
    .array(z.string())
    .nullable()
    .describe('Providers of the catalogue that it is narrowed to, besides `integrations`; null: to none'),
  integrations: z
    .array(id('int', 'an integration'))
    .nullable()
    .describe('Integrations that it is narrowed to, besides `providers`; null: to none'),
  networks: z
    .array(z.string())
    .nullable()
    .describe('Source networks from which it may be used; null: from anywhere'),
  created_by: id('mem', 'the member who made it, or whose key did').nullable(),
  created_at: time,
  expires_at: time.nullable(),
  last_used_at: time.nullable().describe('Accurate to a minute'),
  previous_secret_ends_at: time
    .nullable()
    .describe('Until when the secret before the last rotation works on; null when it does not'),
})

const withSecret = apiKey.extend({ secret: z.string().describe('Shown once') })

export const createApiKey = endpoint({
  method: 'POST',
  path: '/api-keys',
  access: ['admin'],
  tag: 'API keys',
  summary: 'Make an API key',
  description: `Nobody gives a key what they may not do themselves: a narrowed key makes keys that are narrowed as it is, or further. A key with ${exportScope} must end within 24 hours.`,
  status: 201,
  secret: true,
  body: z.strictObject({
    name: text(120),
    scopes: z.array(z.enum(allScopes)).min(1),
    app_id: id('app', 'the one app it is narrowed to').optional(),
    providers: z
      .array(text(120))
      .min(1)
      .max(100)
      .optional()
      .describe(
        'Narrows it to integrations of these providers of the catalogue, and those of `integrations`',
      ),
    integrations: z
      .array(id('int', 'an integration'))
      .min(1)
      .max(100)
      .optional()
      .describe('Narrows it to these integrations, and those of `providers`'),
    networks: z
      .array(text(64))
      .min(1)
      .max(100)
      .optional()
      .describe('Addresses and networks (CIDR, IPv4 or IPv6) from which alone it may be used'),
    expires_at: time.optional(),
  }),
  response: data(withSecret),
})

export const listApiKeys = endpoint({
  method: 'GET',
  path: '/api-keys',
  access: ['admin'],
  tag: 'API keys',
  summary: 'List API keys, without their secrets',
  query: z.strictObject(page),
  response: list(apiKey),
})

export const deleteApiKey = endpoint({
  method: 'DELETE',
  path: '/api-keys/:id',
  access: ['admin'],
  tag: 'API keys',
  summary: 'End an API key',
  params: idParam('key', 'the API key'),
  response: data(z.object({ id: id('key', 'the API key'), deleted: z.literal(true) })),
})

export const rotateApiKey = endpoint({
  method: 'POST',
  path: '/api-keys/:id/rotate',
  access: ['admin'],
  tag: 'API keys',
  summary: 'Give an API key a new secret; the old one works on for the overlap',
  secret: true,
  params: idParam('key', 'the API key'),
  body: z.strictObject({
    overlap_seconds: z
      .number()
      .int()
      .min(0)
      .max(2_592_000)
      .default(86_400)
      .describe('How long the old secret works on'),
  }),
  response: data(withSecret.extend({ previous_secret_ends_at: time })),
})
