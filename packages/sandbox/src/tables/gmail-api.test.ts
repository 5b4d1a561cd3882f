import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { callApi, connectGmail, GMAIL } from '../client.fixture.ts'
import { type Sandbox, startSandbox } from '../start.ts'

let sandbox: Sandbox
let token: string
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())
beforeEach(async () => {
  sandbox.control.reset()
  token = (await connectGmail(sandbox)).access_token
})

const me = '/gmail/v1/users/me'
const get = (path: string, bearer = token) => callApi(sandbox, 'gmail', path, bearer)
const post = (path: string, json: unknown, bearer = token) =>
  callApi(sandbox, 'gmail', path, bearer, { method: 'POST', json })
const raw = (text: string) => Buffer.from(text).toString('base64url')

it('tells whose account it is', async () => {
  expect((await get(`${me}/profile`)).body).toMatchObject({
    emailAddress: 'ada@example.com',
    messagesTotal: 4,
  })
  expect((await get('/v1/userinfo')).body).toMatchObject({
    sub: '104729000000000000001',
    email: 'ada@example.com',
  })
  expect((await get('/gmail/v1/users/grace@example.com/profile')).status).toBe(403)
})

it('lists, pages, searches and opens messages', async () => {
  const first = (await get(`${me}/messages?maxResults=3`)).body
  expect(first.messages).toHaveLength(3)
  const rest = (await get(`${me}/messages?maxResults=3&pageToken=${first.nextPageToken}`)).body
  expect(rest.messages).toHaveLength(1)
  expect(rest.nextPageToken).toBeUndefined()
  const found = (await get(`${me}/messages?q=${encodeURIComponent('is:unread invoice')}`)).body
  expect(found.messages).toHaveLength(1)
  const message = (await get(`${me}/messages/${found.messages[0].id}`)).body
  expect(message.payload.headers).toContainEqual({ name: 'Subject', value: 'Invoice 2041' })
  expect(Buffer.from(message.payload.body.data, 'base64url').toString()).toContain('120.00 EUR')
  expect((await get(`${me}/messages?q=nothing-like-this`)).body).toEqual({ resultSizeEstimate: 0 })
  expect((await get(`${me}/messages/18cfffffffffffff`)).body.error.status).toBe('NOT_FOUND')
  expect((await get(`${me}/messages/unknown`)).body.error).toMatchObject({
    message: 'Invalid id value',
    code: 400,
  })
  expect((await get(`${me}/messages?maxResults=x`)).status).toBe(400)
})

it('sends into the outbox, into SENT, and to people whom it has', async () => {
  const sent = await post(`${me}/messages/send`, {
    raw: raw('To: Grace <grace@example.com>\r\nSubject: =?utf-8?B?R3LDvMOfZQ==?=\r\n\r\nHello'),
  })
  expect(sent.body.labelIds).toEqual(['SENT'])
  expect(sandbox.control.outbox()).toMatchObject([
    {
      provider: 'gmail',
      account: 'ada@example.com',
      kind: 'mail',
      detail: { subject: 'Grüße', text: 'Hello' },
    },
  ])
  expect((await get(`${me}/messages?labelIds=SENT`)).body.messages).toEqual([
    { id: sent.body.id, threadId: sent.body.threadId },
  ])
  const grace = (await connectGmail(sandbox, GMAIL.all, { account: 'grace@example.com' })).access_token
  const inbox = (await get(`${me}/messages?q=${encodeURIComponent('from:ada subject:grüße')}`, grace)).body
  expect(inbox.messages).toHaveLength(1)
  expect((await post(`${me}/messages/send`, { raw: raw('Subject: nobody\r\n\r\n') })).status).toBe(400)
  expect((await post(`${me}/messages/send`, {})).status).toBe(400)
})

it('keeps drafts and labels', async () => {
  const draft = (
    await post(`${me}/drafts`, { message: { raw: raw('To: x@example.com\r\nSubject: D\r\n\r\nT') } })
  ).body
  expect((await get(`${me}/drafts`)).body.drafts).toHaveLength(1)
  expect((await get(`${me}/drafts/${draft.id}`)).body.message.snippet).toBe('T')
  expect((await post(`${me}/drafts/send`, { id: draft.id })).body.labelIds).toEqual(['SENT'])
  expect((await get(`${me}/drafts`)).body.drafts).toBeUndefined()
  const [{ id }] = (await get(`${me}/messages?labelIds=UNREAD`)).body.messages
  const read = await post(`${me}/messages/${id}/modify`, { removeLabelIds: ['UNREAD'] })
  expect(read.body.labelIds).not.toContain('UNREAD')
  expect((await get(`${me}/labels`)).body.labels).toContainEqual(expect.objectContaining({ id: 'INBOX' }))
})

describe('refuses in the shape of the real one', () => {
  const nothing = () => undefined
  it.each([
    ['no token', () => '', nothing],
    ['an unknown token', () => 'ya29.unknown', nothing],
    ['an expired token', () => token, () => sandbox.control.clock.advance(3600)],
    [
      'a revoked grant',
      () => token,
      () => sandbox.control.revokeGrant({ provider: 'gmail', account: 'ada@example.com' }),
    ],
  ])('%s', async (_name, bearer, happen) => {
    happen()
    const answer = await get(`${me}/profile`, bearer())
    expect(answer.status).toBe(401)
    expect(answer.body.error).toMatchObject({
      code: 401,
      status: 'UNAUTHENTICATED',
      errors: [{ reason: 'authError' }],
    })
    expect(answer.headers.get('www-authenticate')).toContain('invalid_token')
  })

  it('a missing scope, and a path that it has not', async () => {
    const narrow = (await connectGmail(sandbox, GMAIL.send)).access_token
    const answer = await get(`${me}/messages`, narrow)
    expect(answer).toMatchObject({ status: 403, body: { error: { status: 'PERMISSION_DENIED' } } })
    expect((await get('/gmail/v1/nowhere')).status).toBe(404)
  })

  it('a token of another provider', async () => {
    sandbox.control.reset()
    const { access_token } = await connectGmail(sandbox)
    expect((await callApi(sandbox, 'pipedrive', '/v1/users/me', access_token)).status).toBe(401)
  })
})
