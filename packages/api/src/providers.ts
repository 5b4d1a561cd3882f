import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { data, list, page, text } from './fields.ts'

const scopePreset = z.object({ scope: z.string(), sentence: z.string() })

const provider = z.object({
  provider: z.string(),
  name: z.string(),
  category: z.string(),
  docs_url: z.string(),
  grant_types: z.array(z.string()),
  authorization_url: z.string(),
  token_url: z.string(),
  revocation_url: z.string().nullable(),
  api_base_url: z.string().nullable(),
  redirect_uri: z
    .string()
    .describe(
      'The redirect URI to register at the provider; an integration with `params` or endpoints of its own has another: `POST /integrations/redirect-uri` tells it',
    ),
  register_url: z.string().nullable().describe('Where an OAuth app is registered there'),
  notes: z.string().nullable().describe('What whoever registers an app there should know'),
  params: z
    .array(
      z.object({
        name: z.string(),
        label: z.string(),
        description: z.string().nullable(),
        example: z.string().nullable(),
        default: z.string().nullable(),
      }),
    )
    .describe('What an integration must tell, as `params`, before the addresses are complete'),
  scopes: z.object({
    read: z.array(scopePreset),
    write: z.array(scopePreset),
    always: z.array(scopePreset).describe('Asked for in any case'),
  }),
  quirks: z.record(z.string(), z.unknown()),
  hints: z.array(z.string()).describe('What differs there from OAuth as it is written, in sentences'),
  has_tools: z.boolean(),
  tools: z.object({ read: z.number().int(), write: z.number().int() }).describe('How many'),
  integrations: z
    .number()
    .int()
    .nullable()
    .describe(
      'How many the workspace has for it, as far as the credential reaches; null without integrations:read',
    ),
})

export const listProviders = endpoint({
  method: 'GET',
  path: '/providers',
  access: ['any_credential'],
  tag: 'Providers',
  summary: 'Search the catalogue',
  query: z.strictObject({
    ...page,
    search: text(100).optional().describe('In names and categories'),
    category: text(100).optional(),
  }),
  response: list(provider),
})

export const getProvider = endpoint({
  method: 'GET',
  path: '/providers/:provider',
  access: ['any_credential'],
  tag: 'Providers',
  summary: 'Show a catalogue entry',
  params: z.object({ provider: z.string().max(64) }),
  response: data(provider),
})
