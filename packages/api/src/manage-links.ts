import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { data, id, text, time } from './fields.ts'

export const createManageLink = endpoint({
  method: 'POST',
  path: '/manage-links',
  access: ['connections:write'],
  tag: 'Connect',
  summary: "Make a link to an end user's own page",
  description:
    'There they see their connections, what each may do and when it was last used, and disconnect or reconnect them. The link works once, for 10 minutes; the page it opens stays open for 30 minutes in that browser. Whoever opens it can do that: make it when the end user whom *you* have signed in asks for it, and redirect their browser there.',
  status: 201,
  secret: true,
  body: z.strictObject({
    end_user: z.strictObject({ id: text(255) }),
    app_id: id('app', 'the app').optional().describe("Only this app's connections"),
  }),
  response: data(z.object({ url: z.string().describe('Shown once'), expires_at: time })),
})
