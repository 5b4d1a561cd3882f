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
  redirect_uri: z.string().describe('The redirect URI to register at the provider'),
  scopes: z.object({ read: z.array(scopePreset), write: z.array(scopePreset) }),
  quirks: z.record(z.string(), z.unknown()),
  has_tools: z.boolean(),
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
