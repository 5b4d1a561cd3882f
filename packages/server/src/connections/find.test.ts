import { afterAll, beforeAll, expect, test } from 'vitest'
import { addSandboxIntegration, connectAccount } from '../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { addPlainIntegration, importTokens } from '../../../../test/support/importing.ts'

eachDatabase('listing connections', (open) => {
  let grantry: TestGrantry
  let integration: string
  let app: string
  const made: string[] = []
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url })
    integration = (await addPlainIntegration(grantry)).id
    app = (await grantry.call('POST', '/api/v1/apps', { name: 'one' })).body.data.id
    for (let n = 0; n < 7; n++) {
      const { id } = await importTokens(
        grantry,
        integration,
        { access_token: `at-${n}` },
        { end_user: { id: n % 2 ? 'odd' : 'even' }, ...(n === 3 ? { app_id: app } : {}) },
      )
      made.push(id)
    }
    await addSandboxIntegration(grantry, 'gmail')
    made.push((await connectAccount(grantry, { provider: 'gmail', end_user: { id: 'odd' } })).id)
    await grantry.call('DELETE', `/api/v1/connections/${made[0]}`)
  })
  afterAll(() => grantry?.close())

  const list = (query = '', key?: string) =>
    grantry.call('GET', `/api/v1/connections?${query}`, undefined, key ? { key } : {})
  const ids = (answer: Awaited<ReturnType<typeof list>>) =>
    answer.body.data.map(({ id }: { id: string }) => id)

  test('everything, newest first, without a token anywhere', async () => {
    const answer = await list()
    expect(ids(answer).sort()).toEqual([...made].sort())
    expect(ids(answer)[0]).toBe(made.at(-1))
    expect(answer.body.next_cursor).toBeNull()
    expect(answer.text).not.toMatch(/at-\d|sandboxcanary|hash|token_request/)
  })

  test('filters, alone and together', async () => {
    expect(ids(await list('end_user=even')).sort()).toEqual([made[0], made[2], made[4], made[6]].sort())
    expect(ids(await list('provider=gmail'))).toEqual([made[7]])
    expect(ids(await list(`integration=${integration}&end_user=odd`)).sort()).toEqual(
      [made[1], made[3], made[5]].sort(),
    )
    expect(ids(await list(`app=${app}`))).toEqual([made[3]])
    expect(ids(await list('status=revoked'))).toEqual([made[0]])
    expect(ids(await list('status=active&end_user=even')).sort()).toEqual([made[2], made[4], made[6]].sort())
    expect(ids(await list('end_user=nobody'))).toEqual([])
  })

  test('pages hold each connection once, also where the last one is full', async () => {
    for (const limit of [1, 3, 4, 8, 200]) {
      const seen: string[] = []
      let cursor = ''
      do {
        const page = await list(`limit=${limit}${cursor && `&cursor=${cursor}`}`)
        expect(page.body.data.length).toBeLessThanOrEqual(limit)
        seen.push(...ids(page))
        cursor = page.body.next_cursor ?? ''
      } while (cursor)
      expect(seen.sort(), `limit ${limit}`).toEqual([...made].sort())
    }
  })

  test.each([
    'cursor=x',
    'cursor=',
    `cursor=${Buffer.from("' or 1=1 --").toString('base64url')}`,
    `cursor=${Buffer.from('00000000-0000-7000-8000-00000000000g').toString('base64url')}`,
    'cursor=%00',
    'limit=0',
    'limit=201',
    'limit=1e9',
    'limit=many',
    'status=asleep',
    'statuss=active',
  ])('%s is refused', async (query) => {
    const answer = await list(query)
    expect(answer.status, answer.text).toBe(422)
    expect(answer.body.errors[0].path).toBe(query.split('=')[0])
  })

  test('a filter given twice is refused', async () => {
    expect((await list('end_user=even&end_user=odd')).status).toBe(400)
  })

  test("another workspace's integration or app answers as one that does not exist", async () => {
    const other = await grantry.call(
      'POST',
      '/api/v1/workspaces',
      { name: 'other' },
      { key: grantry.operatorKey },
    )
    const key = other.body.data.api_key
    expect(ids(await list('', key))).toEqual([])
    expect((await list(`integration=${integration}`, key)).status).toBe(404)
    expect((await list(`app=${app}`, key)).status).toBe(404)
    expect((await grantry.call('GET', `/api/v1/connections/${made[1]}`, undefined, { key })).status).toBe(404)
  })

  test('a key that is narrowed to an app sees that app alone', async () => {
    const narrow = await grantry.call('POST', '/api/v1/api-keys', {
      name: 'narrow',
      scopes: ['connections:read', 'tokens:read'],
      app_id: app,
    })
    const key = narrow.body.data.secret
    expect(ids(await list('', key))).toEqual([made[3]])
    expect((await grantry.call('GET', `/api/v1/connections/${made[1]}`, undefined, { key })).status).toBe(404)
    expect(
      (await grantry.call('GET', `/api/v1/connections/${made[1]}/token`, undefined, { key })).status,
    ).toBe(404)
    expect(
      (await grantry.call('GET', `/api/v1/connections/${made[3]}/token`, undefined, { key })).status,
    ).toBe(200)
  })
})
