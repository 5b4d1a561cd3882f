import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { callApi, connect } from '../client.fixture.ts'
import { type Sandbox, startSandbox } from '../start.ts'

let sandbox: Sandbox
let token: string
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())
beforeEach(async () => {
  sandbox.control.reset()
  token = (await connect(sandbox, 'pipedrive')).access_token
})

const call = (method: string, path: string, json?: unknown, bearer = token) =>
  callApi(sandbox, 'pipedrive', path, bearer, { method, ...(json ? { json } : {}) })

it('tells whose account it is, under both prefixes', async () => {
  for (const prefix of ['/v1', '/api/v1'])
    expect((await call('GET', `${prefix}/users/me`)).body).toMatchObject({
      success: true,
      data: { id: 180, email: 'ada@example.com', company_id: 53 },
    })
})

it('pages v1 by start and v2 by cursor', async () => {
  const v1 = (await call('GET', '/v1/deals?limit=2')).body
  expect(v1.data).toHaveLength(2)
  expect(v1.additional_data.pagination).toEqual({
    start: 0,
    limit: 2,
    more_items_in_collection: true,
    next_start: 2,
  })
  expect((await call('GET', '/v1/deals?start=9')).body.data).toBeNull()
  const v2 = (await call('GET', '/api/v2/deals?limit=2')).body
  const rest = (await call('GET', `/api/v2/deals?limit=2&cursor=${v2.additional_data.next_cursor}`)).body
  expect(rest).toMatchObject({ data: [{ id: 3 }], additional_data: { next_cursor: null } })
  expect((await call('GET', '/api/v2/deals?cursor=%21%21')).status).toBe(400)
})

it('makes and changes deals and persons', async () => {
  const deal = (await call('POST', '/api/v2/deals', { title: 'Big', value: 12, person_id: 2 })).body.data
  expect(deal).toMatchObject({ title: 'Big', value: 12, person_id: 2, owner_id: 180, status: 'open' })
  expect((await call('GET', `/v1/deals/${deal.id}`)).body.data).toMatchObject({ person_name: 'Grace Hopper' })
  await call('PATCH', `/api/v2/deals/${deal.id}`, { status: 'won' })
  expect((await call('GET', `/api/v2/deals/${deal.id}`)).body.data.status).toBe('won')
  const person = (await call('POST', '/v1/persons', { name: 'New', email: 'new@example.com' })).body.data
  expect((await call('GET', `/api/v2/persons/${person.id}`)).body.data.emails).toEqual([
    { value: 'new@example.com', primary: true, label: 'work' },
  ])
  expect(sandbox.control.outbox({ provider: 'pipedrive' }).map((item) => item.kind)).toEqual([
    'deal',
    'deal',
    'person',
  ])
})

it.each([
  ['POST', '/v1/deals', { value: 3 }, 400],
  ['POST', '/v1/deals', { title: 'x', value: 'much' }, 400],
  ['POST', '/v1/deals', { title: 'x', person_id: 99 }, 400],
  ['POST', '/v1/persons', {}, 400],
  ['GET', '/v1/deals/99', undefined, 404],
  ['PUT', '/v1/deals/1', { status: 'eaten' }, 400],
])('refuses %s %s %j', async (method, path, json, status) => {
  const answer = await call(method, path, json)
  expect(answer.status).toBe(status)
  expect(answer.body).toMatchObject({ success: false, error: expect.any(String) })
})

it('refuses dead tokens and missing scopes in the shape of the real one', async () => {
  const narrow = (await connect(sandbox, 'pipedrive', { scope: 'deals:read' })).access_token
  expect(await call('POST', '/v1/deals', { title: 'x' }, narrow)).toMatchObject({
    status: 403,
    body: { success: false, error: 'Scope and URL mismatch', errorCode: 403 },
  })
  sandbox.control.clock.advance(3600)
  expect(await call('GET', '/v1/deals')).toMatchObject({
    status: 401,
    body: { success: false, error: 'unauthorized access', errorCode: 401 },
  })
})
