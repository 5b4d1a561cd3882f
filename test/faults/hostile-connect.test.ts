import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { FaultAct } from '../../packages/sandbox/src/faults.ts'
import { confirmPage, connectAccount, consent, startSession } from '../support/connecting.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { addPlainIntegration, eventsOf, passTime, readToken, showConnection } from '../support/importing.ts'

/** What a token endpoint may answer to a code, none of which is a token that may be kept. */
const answers: [string, FaultAct][] = [
  ['an HTML page', { fault: 'html' }],
  ['50 MB', { fault: 'huge_body', bytes: 50_000_000 }],
  ['a gzip bomb', { fault: 'gzip_bomb', bytes: 50_000_000 }],
  ['header lines without end', { fault: 'endless_headers' }],
  ['a redirect', { fault: 'redirect', to: 'http://127.0.0.1:9/token' }],
  ['JSON that breaks off', { fault: 'bad_json' }],
  [
    'an error under 200',
    { fault: 'error_in_200', error: 'server_error', error_description: 'the moon is full' },
  ],
  ['a token that is a number', { fault: 'token_is_number' }],
  ['a token with a line break', { fault: 'token_with_crlf' }],
  ['another token type', { fault: 'wrong_token_type' }],
  ['UTF-16', { fault: 'wrong_charset' }],
  ['500', { fault: 'status', status: 500 }],
  ['429', { fault: 'status', status: 429, retry_after: 60 }],
  ['nothing, before the work', { fault: 'drop_before' }],
  ['nothing, after the work', { fault: 'drop_after' }],
]

let grantry: TestGrantry
let integration: string
beforeAll(async () => {
  grantry = await startTestGrantry()
  integration = (await addPlainIntegration(grantry)).id
})
afterAll(() => grantry?.close())
beforeEach(() => grantry.sandbox!.control.clearFaults())

const stored = async () => ({
  connections: (await grantry.ctx.db.selectFrom('connections').select('id').execute()).length,
  requests: (await grantry.ctx.db.selectFrom('token_requests').select('id').execute()).length,
})

/** Session, consent, confirm: with whatever the provider answers to the code. */
async function tryToConnect(body: Record<string, unknown>) {
  const session = await startSession(grantry, { integration, end_user: { id: 'u1' }, ...body })
  const callback = await consent(grantry, session.connect_url)
  const page = await grantry.call('GET', callback, undefined, { key: null })
  const done = await confirmPage(grantry, page.text, 'connect')
  const status = await grantry.call('GET', `/api/v1/connect-sessions/${session.id}`)
  return { done, session: status.body.data }
}

test.each(answers)(
  '%s for the code: the session fails in words, and nothing is stored',
  async (_name, act) => {
    const before = await stored()
    grantry.sandbox!.control.fault({ ...act, endpoint: 'token', times: 'forever' })
    const { done, session } = await tryToConnect({})
    expect(done.text).not.toContain('is connected to')
    expect(done.text).not.toContain('sandboxcanary')
    expect(session).toMatchObject({ status: 'failed', connection_id: null })
    expect(session.error).toEqual(expect.any(String))
    expect(JSON.stringify(session)).not.toContain('sandboxcanary')
    expect(await stored()).toEqual(before)
  },
)

test.each(answers)('%s for the code of a renewal: the old token stays and works', async (_name, act) => {
  const { id } = await connectAccount(grantry, { integration, end_user: { id: 'u2' } })
  const token = (await readToken(grantry, id)).body.data.access_token
  const before = await stored()
  grantry.sandbox!.control.fault({ ...act, endpoint: 'token', times: 'forever' })
  const { session } = await tryToConnect({ connection_id: id, end_user: { id: 'u2' } })
  expect(session.status).toBe('failed')
  expect((await readToken(grantry, id)).body.data.access_token).toBe(token)
  expect(await stored()).toEqual(before)
  grantry.sandbox!.control.clearFaults()
  passTime(grantry, 4000)
  const renewed = await readToken(grantry, id)
  expect(renewed.status, renewed.text).toBe(200)
  expect(await eventsOf(grantry, id)).not.toContain('connection.needs_reauth')
})

test('what the provider said is on the page and in the session', async () => {
  grantry.sandbox!.control.fault({
    fault: 'error',
    error: 'invalid_request',
    error_description: 'the <b>moon</b> is full',
    endpoint: 'token',
    times: 'forever',
  })
  const { done, session } = await tryToConnect({})
  expect(done.text).toContain('the &lt;b&gt;moon&lt;/b&gt; is full')
  expect(JSON.stringify(session)).toContain('the <b>moon</b> is full')
})

test('an account lookup that fails costs nothing but the name of the account', async () => {
  grantry.sandbox!.control.fault({ fault: 'status', status: 500, endpoint: 'account', times: 'forever' })
  const { id } = await connectAccount(grantry, { integration, end_user: { id: 'u3' } })
  expect(await showConnection(grantry, id)).toMatchObject({ status: 'active', account: null })
  expect((await readToken(grantry, id)).status).toBe(200)
})
