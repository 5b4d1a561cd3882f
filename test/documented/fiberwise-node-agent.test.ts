import { createRequire } from 'node:module'
import { inspect } from 'node:util'
import { gmail } from '@googleapis/gmail'
import { Grantry } from '@grantry/sdk'
import { googleAuth } from '@grantry/sdk/google'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveAtRoot } from '../support/at-root.ts'
import { addSandboxIntegration, connectAccount } from '../support/connecting.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'

// The Node.js agent of Fiberwise's "OAuth API" page. Changed are the name of the package and of its class, and where Gmail
// is: at the sandbox. `googleapis` is all that Google has, 240 MB of it; @googleapis/gmail is the one part that is used, file by file.
const documented = `
const { FiberAgent } = require('@fiberwise/sdk');

class EmailAgent extends FiberAgent {
    constructor() {
        super();
        this.oauth = this.getOAuthProvider();
    }

    async process(inputData) {
        // Get Gmail credentials
        const gmailCreds = await this.oauth.getCredentials('gmail');

        if (!gmailCreds) {
            return { error: 'Gmail not authenticated' };
        }

        // Use credentials with Gmail API
        const { google } = require('googleapis');
        const gmail = google.gmail({ version: 'v1', auth: gmailCreds });

        const response = await gmail.users.messages.list({
            userId: 'me',
            maxResults: 10
        });

        return {
            messageCount: response.data.messages?.length || 0,
            authenticated: true
        };
    }
}
`
const require = createRequire(import.meta.url)
const environment = ['GRANTRY_URL', 'GRANTRY_API_KEY', 'GRANTRY_END_USER'] as const
const before = environment.map((name) => process.env[name])

let root: Awaited<ReturnType<typeof serveAtRoot>>
const requireForAgent = (name: string) =>
  name === 'googleapis'
    ? { google: { gmail: (options: { version: 'v1' }) => gmail({ ...options, rootUrl: root.url }) } }
    : require(name)

let grantry: TestGrantry
let agentClass: new () => { process(input: unknown): Promise<Record<string, unknown>> }

beforeAll(async () => {
  grantry = await startTestGrantry()
  const text = documented.replaceAll('@fiberwise/sdk', '@grantry/sdk').replaceAll('FiberAgent', 'Agent')
  agentClass = new Function('require', `${text}\nreturn EmailAgent`)(requireForAgent)
  const { id } = await addSandboxIntegration(grantry, 'gmail')
  const connection = await connectAccount(grantry, {
    integration: id,
    access_type: 'read',
    end_user: { id: 'ada' },
  })
  await connectAccount(grantry, { integration: id, access_type: 'read' }, 'grace@example.com')
  const { body } = await grantry.call('GET', `/api/v1/connections/${connection.id}/token`)
  root = await serveAtRoot(body.data.api_base_url)
  process.env.GRANTRY_URL = grantry.url
  process.env.GRANTRY_API_KEY = grantry.apiKey
}, 120_000)

afterAll(async () => {
  for (const [i, name] of environment.entries()) {
    if (before[i] === undefined) delete process.env[name]
    else process.env[name] = before[i]
  }
  root?.close()
  await grantry?.close()
})

const run = (endUser?: string) => {
  if (endUser === undefined) delete process.env.GRANTRY_END_USER
  else process.env.GRANTRY_END_USER = endUser
  return new agentClass().process({})
}

test("lists the end user's messages with googleapis", async () => {
  expect(await run('ada')).toEqual({ messageCount: expect.any(Number), authenticated: true })
  const [call] = grantry.sandbox!.control.calls({ endpoint: 'api' }).slice(-1)
  expect(call).toMatchObject({ provider: 'gmail', path: '/gmail/gmail/v1/users/me/messages', status: 200 })
})

test("without an end user the connection is the workspace's own", async () => {
  expect(await run()).toMatchObject({ authenticated: true })
})

test('says so where nobody has connected Gmail', async () => {
  expect(await run('nobody')).toEqual({ error: 'Gmail not authenticated' })
})

test("a refusal of Gmail's is the error that googleapis' callers look at", async () => {
  const auth = googleAuth(new Grantry().credentials('gmail', { endUser: 'ada' }))
  const api = gmail({ version: 'v1', auth, rootUrl: root.url })
  const refused = await api.users.messages.get({ userId: 'me', id: 'none' }).catch((error) => error)
  expect(refused).toMatchObject({ status: 400, code: 400, message: expect.stringMatching(/\w/) })
  const { access_token } = await new Grantry().connections.findToken({ provider: 'gmail', end_user: 'ada' })
  expect(inspect(refused, { depth: 9 })).not.toContain(access_token)
  const { data, headers } = await api.users.getProfile({ userId: 'me' })
  expect(data.emailAddress).toBe('ada@example.com')
  expect(headers['content-type']).toContain('json')
})
