import { expect, test } from 'vitest'
import { connectFrom } from './connect.ts'
import { playPage, refused, session, status, turns } from './page.fixture.ts'
import { resumeAt } from './resume.ts'

const back = 'https://app.example/settings?tab=mail&code=gfc_code&state=s'
const done = { status: 200, body: { data: { id: 'con_1' } } }
const connected = { connectionId: 'con_1', sessionId: 'cs_1', providerName: 'Gmail' }

/** A tab that left for the provider by redirect. */
async function leave() {
  const played = playPage()
  void connectFrom(played.page, { session, mode: 'redirect' })
  await expect.poll(() => played.went).toHaveLength(1)
  return played
}

test('by redirect: the tab that left ends its session, once, and its address is clean', async () => {
  const played = await leave()
  played.page.location.href = back
  played.answer = () => done
  expect(await resumeAt(played.page)).toEqual(connected)
  expect(played.asked).toMatchObject([
    { authorization: 'Bearer gct_token', body: { code: 'gfc_code' }, method: 'POST' },
  ])
  expect(played.page.location.href).toBe('https://app.example/settings?tab=mail')
  expect(played.kept.size).toBe(0)
  expect(await resumeAt(played.page)).toBeNull()
})

test('by redirect: what went wrong is thrown', async () => {
  const denied = await leave()
  denied.page.location.href = 'https://app.example/settings?error=access_denied&error_description=No&state=s'
  await expect(resumeAt(denied.page)).rejects.toMatchObject({ code: 'access_denied', description: 'No' })
  expect(denied.page.location.href).toBe('https://app.example/settings')
  const refusing = await leave()
  refusing.page.location.href = back
  refusing.answer = () => refused(410, 'expired')
  await expect(resumeAt(refusing.page)).rejects.toMatchObject({ code: 'expired' })
})

test('by redirect: your server may end it', async () => {
  const played = await leave()
  played.page.location.href = back
  const given: unknown[] = []
  const finish = async (result: unknown) => {
    given.push(result)
    return { connection_id: 'con_1' }
  }
  expect(await resumeAt(played.page, { finish })).toEqual(connected)
  expect(given).toEqual([{ session_id: 'cs_1', code: 'gfc_code' }])
})

test('a browser that set out on nothing does nothing: a forwarded link ends nobody’s session', async () => {
  for (const href of ['https://app.example/settings', back, 'https://app.example/?error=access_denied']) {
    const played = playPage()
    played.page.location.href = href
    expect(await resumeAt(played.page)).toBeNull()
    expect(played.asked).toEqual([])
    expect(played.page.location.href).toBe(href)
    expect(played.closed).toBe(false)
  }
})

test('a window that lost its opener brings the code to the page that waits, and closes', async () => {
  const waiting = playPage()
  const returned = playPage()
  // Two windows of one origin.
  returned.page.BroadcastChannel = waiting.page.BroadcastChannel
  waiting.answer = async ({ method }) => {
    if (method === 'GET') return status('awaiting_finish', { binding: 'finish' })
    // A provider that is slow to exchange its code.
    await turns(30)
    return done
  }
  waiting.turn = () => waiting.popup.close()
  const coming = connectFrom(waiting.page, { session })
  await expect.poll(() => waiting.listening()).toBe(2)
  returned.page.location.href = back
  expect(await resumeAt(returned.page)).toBeNull()
  expect(await coming).toEqual(connected)
  expect(returned.closed).toBe(true)
  expect(returned.asked).toEqual([])
  expect(returned.page.location.href).toBe('https://app.example/settings?tab=mail')
})

test('a code that is not of the session that waits ends nothing', async () => {
  const waiting = playPage()
  const returned = playPage()
  returned.page.BroadcastChannel = waiting.page.BroadcastChannel
  const controller = new AbortController()
  waiting.answer = ({ method }) => (method === 'POST' ? refused(404, 'not_found') : status('started'))
  waiting.turn = () => {
    waiting.popup.at = 'away'
  }
  const coming = connectFrom(waiting.page, { session, signal: controller.signal })
  await expect.poll(() => waiting.listening()).toBe(2)
  returned.page.location.href = back
  expect(await resumeAt(returned.page)).toBeNull()
  expect(returned.closed).toBe(false)
  controller.abort()
  await expect(coming).rejects.toMatchObject({ code: 'aborted' })
})

test('what an attempt by redirect left behind is not taken for a later one', async () => {
  const played = await leave()
  expect(played.kept.size).toBe(1)
  await expect(connectFrom(played.page, { session, signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'aborted',
  })
  expect(played.kept.size).toBe(0)
})
