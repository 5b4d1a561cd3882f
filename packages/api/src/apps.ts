import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { data, id, idParam, list, page, text, time } from './fields.ts'

const app = z.object({ id: id('app', 'the app'), name: z.string(), created_at: time })

export const createApp = endpoint({
  method: 'POST',
  path: '/apps',
  access: ['admin'],
  tag: 'Apps',
  summary: 'Make an app',
  status: 201,
  body: z.strictObject({ name: text(120) }),
  response: data(app),
})

export const listApps = endpoint({
  method: 'GET',
  path: '/apps',
  access: ['admin'],
  tag: 'Apps',
  summary: 'List apps',
  query: z.strictObject(page),
  response: list(app),
})

export const deleteApp = endpoint({
  method: 'DELETE',
  path: '/apps/:id',
  access: ['admin'],
  tag: 'Apps',
  summary: 'End an app that has no connections left',
  params: idParam('app', 'the app'),
  response: data(z.object({ id: id('app', 'the app'), deleted: z.literal(true) })),
})
