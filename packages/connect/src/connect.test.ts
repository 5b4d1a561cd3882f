import { expect, test } from 'vitest'
import { connectFrom } from './connect.ts'
import { playPage, refused, session, status, turns } from './page.fixture.ts'

type Played = ReturnType<typeof playPage>

/** The window shows a page of Grantry's or the provider's, and then says this. */
function sayWhenAway(played: Played, data: Record<string, unknown>, turn = 3): void {
  played.turn = (now) => {
    played.popup.at = 'away'
    if (now === turn) played.say({ data: { sessionId: session.id, providerName: 'Gmail', ...data } })
  }
}
const connected = { connectionId: 'con_1', sessionId: 'cs_1', providerName: 'Gmail' }
const finishing = { type: 'oauth_finish', code: 'gfc_code' }

test('opens the window before anything is waited for, in the middle, and sends it on when the session is there', async () => {
  const played = playPage()
  let give = (_: typeof session) => {}
  const coming = connectFrom(played.page, {
    session: () =>
      new Promise((resolve) => {
        give = resolve
      }),
  })
  expect(played.popup.features).toBe('popup,width=500,height=700,left=350,top=50')
  expect(played.went).toEqual([])
  sayWhenAway(played, { type: 'oauth_success', connectionId: 'con_1' })
  give(session)
  expect(await coming).toEqual(connected)
  expect(played.went).toEqual([session.connect_url])
  expect(played.popup.closed).toBe(true)
  expect(played.listening()).toBe(0)
})

test('finish: acknowledges to the exact origin, and ends the session by its connect token', async () => {
  const played = playPage()
  sayWhenAway(played, finishing)
  played.answer = ({ method }) =>
    method === 'POST' ? { status: 200, body: { data: { id: 'con_1' } } } : status('awaiting_finish')
  expect(await connectFrom(played.page, { session })).toEqual(connected)
  expect(played.told).toEqual([
    { message: { type: 'oauth_ack', sessionId: 'cs_1' }, origin: 'https://grantry.example' },
  ])
  expect(played.asked.filter(({ method }) => method === 'POST')).toEqual([
    {
      url: 'https://grantry.example/api/v1/connect-sessions/cs_1/finish',
      method: 'POST',
      authorization: 'Bearer gct_token',
      body: { code: 'gfc_code' },
    },
  ])
})

test('finish: by your own server, which gets no token', async () => {
  const played = playPage()
  sayWhenAway(played, finishing)
  played.answer = ({ url }) =>
    url === '/connect?provider=gmail'
      ? { status: 200, body: session }
      : url === '/connect/finish'
        ? { status: 200, body: { connection_id: 'con_1', provider: 'gmail', status: 'active' } }
        : status('awaiting_finish')
  const options = { session: '/connect?provider=gmail', finish: '/connect/finish' }
  expect(await connectFrom(played.page, options)).toEqual(connected)
  expect(played.asked.filter(({ method }) => method === 'POST')).toEqual([
    expect.objectContaining({ url: '/connect?provider=gmail', authorization: undefined }),
    {
      ...{ url: '/connect/finish', method: 'POST', authorization: undefined },
      body: { session_id: 'cs_1', code: 'gfc_code' },
    },
  ])
})

test('finish: a call without an answer is made again; a code that turns out used has done its work', async () => {
  const played = playPage()
  sayWhenAway(played, finishing)
  let calls = 0
  played.answer = ({ method }) => {
    if (method === 'GET')
      return status(calls > 1 ? 'completed' : 'awaiting_finish', { connection_id: 'con_1' })
    calls++
    return calls === 1 ? new TypeError('Failed to fetch') : refused(409, 'already_used')
  }
  expect(await connectFrom(played.page, { session })).toEqual(connected)
  expect(calls).toBe(2)
})

test('finish: a code that is told twice is used once, and a window that is closed meanwhile changes nothing', async () => {
  const played = playPage()
  played.turn = (turn) => {
    played.popup.at = 'away'
    if (turn === 2 || turn === 3) played.say({ data: { sessionId: session.id, ...finishing } })
    if (turn === 4) played.popup.close()
  }
  played.answer = async ({ method }) => {
    if (method === 'GET') return status('awaiting_finish', { binding: 'finish' })
    await turns(100)
    return { status: 200, body: { data: { id: 'con_1' } } }
  }
  expect(await connectFrom(played.page, { session })).toEqual(connected)
  expect(played.asked.filter(({ method }) => method === 'POST')).toHaveLength(1)
})

test.each([
  ['Grantry refuses', refused(403, 'other_end_user'), undefined, 'other_end_user'],
  ['your server refuses', { status: 403, body: { error: 'other_end_user' } }, '/finish', 'other_end_user'],
  ['it took too long', refused(410, 'expired'), undefined, 'expired'],
  ['nobody answers', new TypeError('Failed to fetch'), undefined, 'unreachable'],
])('finish: %s', async (_what, answer, finish, code) => {
  const played = playPage()
  sayWhenAway(played, finishing)
  played.answer = ({ method }) => (method === 'POST' ? answer : status('awaiting_finish'))
  await expect(connectFrom(played.page, { session, finish })).rejects.toMatchObject({
    name: 'ConnectError',
    code,
  })
  expect(played.popup.closed).toBe(true)
})

test('a person who says no', async () => {
  const played = playPage()
  sayWhenAway(played, { type: 'oauth_error', error: 'access_denied', errorDescription: 'They said no.' })
  await expect(connectFrom(played.page, { session })).rejects.toMatchObject({
    code: 'access_denied',
    description: 'They said no.',
  })
})

test.each([
  ['another origin', { origin: 'https://evil.example' }],
  ['an origin that begins alike', { origin: 'https://grantry.example.evil.example' }],
  ['another window', { source: {} }],
  ['another session', { data: { type: 'oauth_success', connectionId: 'con_evil', sessionId: 'cs_2' } }],
  ['no session', { data: { type: 'oauth_success', connectionId: 'con_evil' } }],
  ['no object', { data: 'oauth_success' }],
])('a message of %s is not heard', async (_what, message) => {
  for (const type of ['oauth_success', 'oauth_finish', 'oauth_error']) {
    const played = playPage()
    const data = { type, sessionId: 'cs_1', connectionId: 'con_evil', code: 'gfc_evil', error: 'evil' }
    played.turn = (turn) => {
      played.popup.at = 'away'
      if (turn === 2) played.say({ data, ...message })
      if (turn === 4)
        played.say({
          data: { type: 'oauth_success', sessionId: 'cs_1', connectionId: 'con_1', providerName: 'Gmail' },
        })
    }
    expect(await connectFrom(played.page, { session })).toEqual(connected)
    expect(played.asked.filter(({ method }) => method === 'POST')).toEqual([])
    expect(played.told).toEqual([])
  }
})

test('a window that the person closes', async () => {
  const played = playPage()
  played.turn = (turn) => {
    played.popup.at = 'away'
    if (turn === 3) played.popup.closed = true
  }
  await expect(connectFrom(played.page, { session })).rejects.toMatchObject({ code: 'closed' })
  expect(played.listening()).toBe(0)
})

test('a window that is closed when all is done, before its message came', async () => {
  const played = playPage()
  played.turn = () => {
    played.popup.at = 'away'
    played.popup.closed = true
  }
  played.answer = () => status('completed', { connection_id: 'con_1' })
  expect(await connectFrom(played.page, { session })).toEqual(connected)
})

test.each([
  ['vanished with its first page', false, true],
  ['vanished later, while the person is not back', true, false],
])('a window that %s is lost, and the session is followed to its end', async (_what, wasAway, focused) => {
  const played = playPage({ focused })
  played.turn = (turn) => {
    if (wasAway) played.popup.at = 'away'
    if (turn === 2) played.popup.closed = true
  }
  played.answer = () =>
    played.asked.length < 50 ? status('started') : status('completed', { connection_id: 'con_1' })
  expect(await connectFrom(played.page, { session })).toEqual(connected)
})

test('a window that was closed before it came anywhere', async () => {
  const played = playPage()
  played.turn = () => played.popup.close()
  played.answer = () => status('created')
  await expect(connectFrom(played.page, { session })).rejects.toMatchObject({ code: 'closed' })
})

test('a lost window that has a code and nowhere to bring it', async () => {
  const played = playPage()
  played.turn = () => played.popup.close()
  played.answer = () => status('awaiting_finish', { binding: 'finish' })
  await expect(connectFrom(played.page, { session })).rejects.toMatchObject({ code: 'opener_lost' })
})

test.each([
  ['failed', { error: 'invalid_client', error_description: 'bad secret' }, 'invalid_client'],
  ['expired', {}, 'expired'],
])('a session that has %s says so although no message comes', async (name, more, code) => {
  const played = playPage()
  played.turn = () => {
    played.popup.at = 'away'
  }
  played.answer = () => status(name, more)
  await expect(connectFrom(played.page, { session })).rejects.toMatchObject({ code })
})

test('an outage of Grantry while a person consents is no end; a token that it does not know is', async () => {
  const played = playPage()
  played.turn = () => {
    played.popup.at = 'away'
  }
  const answers = [
    new TypeError('Failed to fetch'),
    refused(503, 'unavailable'),
    refused(429, 'rate_limited'),
  ]
  played.answer = () => answers.shift() ?? refused(401, 'unauthenticated')
  await expect(connectFrom(played.page, { session })).rejects.toMatchObject({ code: 'unauthenticated' })
  expect(played.asked).toHaveLength(4)
})

test('a signal ends it, at any time', async () => {
  const before = playPage()
  const late = AbortSignal.abort('changed their mind')
  await expect(connectFrom(before.page, { session, signal: late })).rejects.toMatchObject({ code: 'aborted' })
  expect(before.popup.closed).toBe(true)
  expect(before.went).toEqual([])
  const amid = playPage()
  const controller = new AbortController()
  amid.turn = (turn) => turn === 5 && controller.abort()
  const { signal } = controller
  await expect(connectFrom(amid.page, { session, signal })).rejects.toMatchObject({ code: 'aborted' })
  expect(amid.popup.closed).toBe(true)
})

test('a blocked window: by redirect, or where that is not wanted, an error before a session is made', async () => {
  const played = playPage({ blocked: true })
  const never = connectFrom(played.page, { session })
  await expect.poll(() => played.went).toEqual([`this ${session.connect_url}`])
  expect(await Promise.race([never, Promise.resolve('still')])).toBe('still')
  expect([...played.kept.values()].join()).not.toContain('gst_link')

  const strict = playPage({ blocked: true })
  await expect(connectFrom(strict.page, { session: '/connect', mode: 'popup' })).rejects.toMatchObject({
    code: 'popup_blocked',
  })
  expect(strict.asked).toEqual([])
})

test.each([
  ['a script for an address', { ...session, connect_url: 'javascript:alert(1)' }],
  ['no token', { ...session, connect_token: '' }],
  ['nothing', null],
])('%s is no session, and the window is closed', async (_what, given) => {
  const played = playPage()
  const source = () => given as typeof session
  await expect(connectFrom(played.page, { session: source })).rejects.toMatchObject({ code: 'no_session' })
  expect(played.went).toEqual([])
  expect(played.popup.closed).toBe(true)
})

test('a server that gives no session is quoted', async () => {
  const played = playPage()
  played.answer = () => ({ status: 401, body: { error: 'not_signed_in' } })
  await expect(connectFrom(played.page, { session: '/connect' })).rejects.toMatchObject({
    code: 'not_signed_in',
  })
  const thrown = new Error('offline')
  const source = () => Promise.reject(thrown)
  await expect(connectFrom(played.page, { session: source })).rejects.toBe(thrown)
})
