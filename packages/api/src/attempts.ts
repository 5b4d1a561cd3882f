import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { id, idParam, list, page, time } from './fields.ts'

export const attemptOutcomes = [
  'in_flight',
  'stored',
  'superseded',
  'refused',
  'transient',
  'uncertain',
  'lost',
] as const

const attempt = z.object({
  id: id('att', 'the attempt'),
  kind: z
    .enum(['code', 'refresh', 'regrant', 'import'])
    .describe(
      "A person's consent, a refresh, the client's own grant again, or tokens brought from elsewhere",
    ),
  at: time.describe('When it was sent'),
  received_at: time.nullable().describe('When tokens came; null where none did'),
  outcome: z
    .enum(attemptOutcomes)
    .describe(
      'stored: the tokens were taken into use. superseded: tokens came, but the connection had moved on. refused: the provider ended the grant. transient: no tokens, the grant untouched. uncertain: the provider may have acted, and nothing was heard. lost: so it was, and the connection had to be given up',
    ),
  provider_error: z.string().nullable().describe("The provider's error code, or ours where it gave none"),
  provider_error_description: z.string().nullable().describe("The provider's own words"),
  next_try_at: time.nullable().describe('When the next refresh is due; told with the newest attempt only'),
})

export const listAttempts = endpoint({
  method: 'GET',
  path: '/connections/:id/attempts',
  access: ['connections:read'],
  tag: 'Connections',
  summary: 'See how its tokens were obtained and refreshed, newest first',
  params: idParam('con', 'the connection'),
  query: z.strictObject(page),
  response: list(attempt),
})
