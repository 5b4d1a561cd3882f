import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { id, list, page, text, time } from './fields.ts'

const event = z.object({
  id: id('evt', 'the event'),
  type: z.string(),
  at: time,
  actor: z.object({ kind: z.string(), id: z.string().nullable() }),
  connection_id: id('con', 'the connection').nullable(),
  integration_id: id('int', 'the integration').nullable(),
  app_id: id('app', 'the app').nullable(),
  end_user_id: z.string().nullable(),
  request_id: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
})

export const listEvents = endpoint({
  method: 'GET',
  path: '/events',
  access: ['events:read'],
  tag: 'Events',
  summary: 'Read the audit log, newest first',
  query: z.strictObject({
    ...page,
    type: text(64).optional(),
    connection: id('con', 'the connection').optional(),
    actor: text(64).optional().describe('Id of an API key, member or client'),
    since: time.optional(),
  }),
  response: list(event),
})
