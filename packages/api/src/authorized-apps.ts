import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { data, id, idParam, list, page, plain, text, time } from './fields.ts'

const authorizedApp = z.object({
  id: id('gra', 'what was allowed'),
  client: z.object({
    client_id: z.string(),
    client_name: z.string().nullable(),
    client_uri: z.string().nullable(),
    origin: z
      .enum(['api', 'registered', 'published', 'built_in'])
      .describe(
        'By whom it was made known: an administrator, itself, or its own metadata document; `built_in` is the command line of Grantry',
      ),
  }),
  subject: z
    .object({
      kind: z.enum(['member', 'end_user']),
      id: z.string().describe('Of an end user: your own id'),
      email: z.string().nullable().describe('Of a member'),
    })
    .describe('Who allowed it'),
  scopes: z.array(z.object({ scope: z.string(), description: z.string() })),
  resources: z.array(z.string()).describe('Where its tokens are good: the API, MCP servers'),
  connections: z
    .array(
      z.object({
        id: id('con', 'a connection that was chosen'),
        provider: z.string().nullable(),
        account_label: z.string().nullable(),
        end_user_id: z.string().nullable(),
      }),
    )
    .nullable()
    .describe('null: all that the person reaches'),
  created_at: time,
  last_used_at: time.nullable(),
  ended_at: time.nullable(),
})

const tag = 'Authorised apps'
const params = idParam('gra', 'what was allowed')
const description = 'With `admin`: of everyone in the workspace. A member and an end user see their own.'

export const listAuthorizedApps = endpoint({
  method: 'GET',
  path: '/authorized-apps',
  access: ['admin', 'person'],
  tag,
  summary: 'List what people allowed which apps',
  description,
  query: z.strictObject({
    ...page,
    client_id: plain(2048).optional(),
    member: id('mem', 'the member').optional(),
    end_user: text(255).optional(),
  }),
  response: list(authorizedApp),
})

export const getAuthorizedApp = endpoint({
  method: 'GET',
  path: '/authorized-apps/:id',
  access: ['admin', 'person'],
  tag,
  summary: 'Show what an app was allowed, also when that has ended, and what it did last',
  description,
  params,
  response: data(
    authorizedApp.extend({
      recent: z
        .array(
          z.object({
            id: id('evt', 'the event'),
            type: z.string(),
            at: time,
            connection_id: id('con', 'the connection').nullable(),
          }),
        )
        .describe('The last 20 things that it did, newest first'),
    }),
  ),
})

export const endAuthorizedApp = endpoint({
  method: 'DELETE',
  path: '/authorized-apps/:id',
  access: ['admin', 'person'],
  tag,
  summary: 'Take back what an app was allowed: its tokens end at once',
  description: `${description} An end user's token needs connections:write.`,
  params,
  response: data(z.object({ id: id('gra', 'what was allowed'), ended: z.literal(true) })),
})
