import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeId } from '../../packages/api/src/ids.ts'
import { dialectOf } from '../../packages/server/src/db/connect.ts'
import { eachDatabase } from '../support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { furnish, type Tenant } from './tenant.ts'

eachDatabase('audit and vault', (open) => {
  let grantry: TestGrantry
  let tenant: Tenant & { appKey: string }
  let neighbour: Tenant & { appKey: string }
  const token = 'ya29.ours-access'

  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url })
    tenant = await furnish(grantry, grantry.apiKey, { name: 'ours', inApp: false })
    neighbour = await furnish(grantry, grantry.apiKey, { name: 'neighbour', inApp: true })
  })
  afterAll(() => grantry?.close())

  const read = (id = tenant.ids.con) => grantry.call('GET', `/api/v1/connections/${id}/token`)
  const reads = () =>
    grantry.ctx.db.selectFrom('events').selectAll().where('type', '=', 'token.read').orderBy('id').execute()

  test('each read has its event, by whom and of what, under the request id of its answer', async () => {
    const before = (await reads()).length
    const answers = await Promise.all([
      ...Array.from({ length: 20 }, () => read()),
      grantry.call('GET', '/api/v1/token?provider=gmail&end_user=u1'),
    ])
    const events = (await reads()).slice(before)
    const account = await grantry.call('GET', '/api/v1/account')
    expect(answers.map(({ body }) => body.data.access_token)).toEqual(Array(21).fill(token))
    expect(events.map(({ request_id }) => request_id).sort()).toEqual(
      answers.map(({ headers }) => headers.get('x-request-id')).sort(),
    )
    for (const event of events)
      expect(event).toMatchObject({
        workspace_id: decodeId('ws', tenant.ids.ws),
        connection_id: decodeId('con', tenant.ids.con),
        integration_id: decodeId('int', tenant.ids.int),
        end_user_id: 'u1',
        actor_kind: 'api_key',
        actor_id: decodeId('key', account.body.data.credential.id),
      })
  })

  test('while its event is not committed, no token leaves', async () => {
    const { ctx } = grantry
    // Another writer holds the table; the reader's event has to wait for it.
    const other = await open()
    let answered = false
    let answer: ReturnType<typeof read> | undefined
    await other.transaction().execute(async (tx) => {
      if (dialectOf(ctx.db) === 'postgres') await sql`lock table events in exclusive mode`.execute(tx)
      else await sql`update events set type = type`.execute(tx)
      answer = read().finally(() => {
        answered = true
      })
      // A read without a secret passes meanwhile, so the server had time to answer both.
      for (let i = 0; i < 5; i++)
        expect((await grantry.call('GET', `/api/v1/connections/${tenant.ids.con}`)).status).toBe(200)
      expect(answered).toBe(false)
    })
    expect((await answer!).body.data.access_token).toBe(token)
  })

  const breaks = {
    'the table is gone': {
      do: () => sql`alter table events rename to gone`.execute(grantry.ctx.db),
      undo: () => sql`alter table gone rename to events`.execute(grantry.ctx.db),
    },
    'writing it is refused': {
      do: async () => {
        if (dialectOf(grantry.ctx.db) === 'sqlite')
          return sql`create trigger refuse before insert on events begin select raise(abort, 'no'); end`.execute(
            grantry.ctx.db,
          )
        await sql`create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$`.execute(
          grantry.ctx.db,
        )
        return sql`create trigger refuse before insert on events for each row execute function refuse()`.execute(
          grantry.ctx.db,
        )
      },
      undo: async () => {
        if (dialectOf(grantry.ctx.db) === 'sqlite') return sql`drop trigger refuse`.execute(grantry.ctx.db)
        await sql`drop trigger refuse on events`.execute(grantry.ctx.db)
        return sql`drop function refuse`.execute(grantry.ctx.db)
      },
    },
  }

  test.each(Object.entries(breaks))('without an audit log there is no secret: %s', async (_, fault) => {
    const before = (await reads()).length
    await fault.do()
    try {
      const refused = await Promise.all([
        read(),
        read(neighbour.ids.con),
        grantry.call('GET', '/api/v1/token?provider=gmail&end_user=u1'),
      ])
      for (const answer of refused) {
        expect([answer.status, answer.body.code], answer.text).toEqual([503, 'storage_unavailable'])
        expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
        expect(answer.text).not.toContain('ya29')
      }
      for (const path of [
        '/connections',
        `/connections/${tenant.ids.con}`,
        '/integrations',
        `/connect-sessions/${tenant.ids.cs}`,
        '/account',
        '/workspace',
      ])
        expect((await grantry.call('GET', `/api/v1${path}`)).status, path).toBe(200)
      // A change that cannot be told of is not made.
      const made = await grantry.call('POST', '/api/v1/apps', { name: 'untold' })
      expect(made.status).toBeGreaterThanOrEqual(500)
    } finally {
      await fault.undo()
    }
    expect((await grantry.call('GET', '/api/v1/apps')).text).not.toContain('untold')
    expect((await reads()).length).toBe(before)
    expect((await read()).body.data.access_token).toBe(token)
  })

  test('a sealed token that was changed, moved or rolled back opens nothing; its neighbours are fine', async () => {
    const { db } = grantry.ctx
    const rowOf = async (id: string) => {
      const { token_request_id } = await db
        .selectFrom('connections')
        .select('token_request_id')
        .where('id', '=', decodeId('con', id)!)
        .executeTakeFirstOrThrow()
      return db
        .selectFrom('token_requests')
        .selectAll()
        .where('id', '=', token_request_id!)
        .executeTakeFirstOrThrow()
    }
    const ours = await rowOf(tenant.ids.con)
    const theirs = await rowOf(neighbour.ids.con)
    const flip = (at: number) => {
      const bytes = Buffer.from(ours.access_token!)
      bytes[at < 0 ? bytes.length + at : at]! ^= 1
      return bytes
    }
    const whole = Buffer.from(ours.access_token!)
    const put = (access_token: Uint8Array) =>
      db.updateTable('token_requests').set({ access_token }).where('id', '=', ours.id).execute()
    try {
      for (const [what, bytes] of Object.entries({
        'first byte': flip(0),
        'key id': flip(3),
        nonce: flip(20),
        ciphertext: flip(35),
        tag: flip(-1),
        'cut short': whole.subarray(0, -1),
        'nothing but a header': whole.subarray(0, 17),
        empty: Buffer.alloc(0),
        longer: Buffer.concat([whole, Buffer.of(0)]),
        'another row': Buffer.from(theirs.access_token!),
        'another column': Buffer.from(ours.refresh_token!),
        plaintext: Buffer.from(token),
      })) {
        await put(bytes)
        const answer = await read()
        expect([answer.status, answer.headers.get('content-type')], what).toEqual([
          500,
          'application/problem+json',
        ])
        expect(answer.text, what).not.toMatch(/ya29|1\/\/|vault|sealed/i)
        expect((await read(neighbour.ids.con)).body.data.access_token, what).toBe('ya29.neighbour-access')
      }
    } finally {
      await put(whole)
    }
    expect((await read()).body.data.access_token).toBe(token)
    expect(grantry.logs()).not.toMatch(/ya29|1\/\/ours/)
  })
})
