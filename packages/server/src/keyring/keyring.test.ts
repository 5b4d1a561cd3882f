import { randomBytes } from 'node:crypto'
import { Secret } from '@grantry/oauth'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { addPlainIntegration, importTokens, readToken } from '../../../../test/support/importing.ts'
import { decodeId } from '../../../api/src/index.ts'
import { runDueRevocations } from '../connections/revocation-queue.ts'
import { sealedColumns } from '../sealed-columns.ts'
import { destroyWorkspace } from '../workspaces/delete.ts'
import { resealNext } from './reseal-due.ts'
import { claimMs, claimReseal, requestReseal } from './reseals.ts'
import { graceMs } from './retire.ts'
import { rotateDue, scheduleRotations } from './rotate.ts'
import { writeSealed } from './sealed-rows.fixture.ts'

const hour = graceMs / 1000
const never = new AbortController().signal

eachDatabase('keys that rotate', (open) => {
  let grantry: TestGrantry
  let workspace: string
  let integration: string
  const encryptionKey = randomBytes(32).toString('base64')

  beforeAll(async () => {
    grantry = await startTestGrantry({
      databaseUrl: open.url,
      encryptionKey,
      world: { background: false },
    })
    workspace = (await grantry.call('GET', '/api/v1/workspace')).body.data.id
    integration = (await addPlainIntegration(grantry)).id
  })
  afterAll(() => grantry?.close())
  beforeEach(() => drain())

  const operator = async (method: string, path: string, body?: unknown) =>
    grantry.call(method, `/api/v1${path}`, body, { key: grantry.operatorKey })
  const status = async () => (await operator('GET', '/vault')).body.data
  const keys = async (state: string) =>
    (await operator('GET', `/data-keys?workspace=${workspace}&state=${state}&limit=200`)).body.data
  const rotate = (of = workspace) => operator('POST', '/vault/rotations', { of })
  const retire = (id: string) => operator('POST', `/data-keys/${id}/retire`)
  const drain = async () => {
    while (await resealNext(grantry.ctx, never));
  }
  const eventsOf = async (type: string) =>
    (await grantry.call('GET', `/api/v1/events?type=${type}&limit=200`)).body.data
  const connect = async () => {
    const access_token = `token-${randomBytes(9).toString('hex')}`
    const { id } = await importTokens(grantry, integration, { access_token }, { expiresIn: 400 * 24 * 3600 })
    return { id: id as string, access_token }
  }
  const expectToken = async ({ id, access_token }: { id: string; access_token: string }) =>
    expect((await readToken(grantry, id)).body.data).toMatchObject({ access_token })

  /** Another process on the same database. */
  async function startAnother() {
    const { ctx, close } = await startTestGrantry({
      databaseUrl: open.url,
      encryptionKey,
      sandbox: false,
      world: { background: false },
    })
    return { ctx, [Symbol.asyncDispose]: close }
  }

  test('a rotated data key seals no more, its values are sealed anew, and then it can be destroyed', async () => {
    const one = await connect()
    const [before] = await keys('sealing')
    expect((await rotate()).body).toEqual({ data: { rotating: 1 } })
    const [after] = await keys('sealing')
    expect(after.id).not.toBe(before.id)
    expect(await keys('former')).toMatchObject([{ id: before.id, retired_at: null }])
    await expectToken(one)

    // In use, and says by how much.
    grantry.clock.advance(hour)
    const refused = await retire(before.id)
    expect(refused).toMatchObject({ status: 409, body: { code: 'conflict', unanswered_refreshes: 0 } })
    expect(refused.body.values).toBeGreaterThanOrEqual(2)
    await drain()
    expect((await status()).values).toEqual({ left: 0, refused: 0, workspaces_to_look_at: 0 })
    await expectToken(one)

    expect((await retire(after.id)).status).toBe(409)
    expect((await retire(before.id)).body.data).toMatchObject({ state: 'retired' })
    expect((await retire(before.id)).status).toBe(409)
    expect((await retire(before.id.slice(0, -2))).status).toBe(404)
    const [row] = await grantry.ctx.db
      .selectFrom('data_keys')
      .select('wrapped')
      .where('id', '=', decodeId('dk', before.id))
      .execute()
    expect(row!.wrapped).toHaveLength(0)
    await expectToken(one)
    expect(await eventsOf('data_key.rotated')).toMatchObject([
      { actor: { kind: 'operator' }, data: { key: after.id, former: before.id, reason: 'requested' } },
    ])
    expect(await eventsOf('data_key.retired')).toMatchObject([
      { actor: { kind: 'operator' }, data: { key: before.id } },
    ])
  })

  test('a former key is kept for an hour, and while a refresh of before may still bring a pair', async () => {
    const { id } = await connect()
    const [before] = await keys('sealing')
    const attempt = {
      id: grantry.ctx.random(16),
      row: await grantry.ctx.db
        .selectFrom('token_requests')
        .selectAll()
        .where('connection_id', '=', decodeId('con', id))
        .executeTakeFirstOrThrow(),
    }
    await rotate()
    await drain()
    const early = await retire(before.id)
    expect(early).toMatchObject({ status: 409, body: { values: 0, unanswered_refreshes: 0 } })
    expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(3500)
    await grantry.ctx.db
      .insertInto('token_requests')
      .values({
        ...attempt.row,
        id: attempt.row.id.replace(/.{12}$/, Buffer.from(attempt.id).toString('hex').slice(0, 12)),
        access_token: null,
        refresh_token: null,
        received_at: null,
        outcome: 'lost',
      })
      .execute()
    grantry.clock.advance(hour)
    expect(await retire(before.id)).toMatchObject({
      status: 409,
      body: { values: 0, unanswered_refreshes: 1 },
    })
    await grantry.ctx.db.deleteFrom('token_requests').where('outcome', '=', 'lost').execute()
    expect((await retire(before.id)).status).toBe(200)
  })

  test('what comes back under a former key keeps it, and is sealed anew before it goes', async () => {
    const one = await connect()
    const column = sealedColumns.find((each) => each.column === 'access_token')!
    const request = await grantry.ctx.db
      .selectFrom('token_requests')
      .selectAll()
      .where('connection_id', '=', decodeId('con', one.id))
      .executeTakeFirstOrThrow()
    const [before] = await keys('sealing')
    await rotate()
    await drain()
    // As a pair from a spool would.
    await writeSealed(grantry.ctx.db, { column, row: request }, request.access_token!)
    grantry.clock.advance(hour * 2)
    await drain()
    await writeSealed(grantry.ctx.db, { column, row: request }, request.access_token!)
    expect(await retire(before.id)).toMatchObject({ status: 409, body: { values: 1 } })
    await drain()
    expect((await retire(before.id)).status).toBe(200)
    await expectToken(one)
  })

  test('all keys rotate at the operator’s word, by age, and the deployment’s own too', async () => {
    const one = await connect()
    await grantry.call('GET', '/oauth/jwks', undefined, { key: null })
    const { sealing } = (await status()).data_keys
    const former = async () => (await status()).data_keys.former
    const before = await former()
    const all = await rotate('all')
    expect(all).toMatchObject({ status: 202, body: { data: { rotating: sealing } } })
    await Promise.all([rotateDue(grantry.ctx), rotateDue(grantry.ctx)])
    await expect.poll(former).toBe(before + sealing)
    await rotateDue(grantry.ctx)
    expect(await former()).toBe(before + sealing)
    expect((await eventsOf('data_key.rotated'))[0]).toMatchObject({ data: { reason: 'requested' } })
    await drain()
    await expectToken(one)

    // Ninety days pass; one is of a version that did not know of rotations.
    await grantry.ctx.db
      .updateTable('data_keys')
      .set({ rotate_at: null })
      .where('workspace_id', '=', decodeId('ws', workspace))
      .execute()
    await scheduleRotations(grantry.ctx)
    grantry.clock.advance(91 * 24 * 3600)
    await rotateDue(grantry.ctx)
    expect((await eventsOf('data_key.rotated'))[0]).toMatchObject({
      actor: { kind: 'system' },
      data: { reason: 'age' },
    })
    const events = await operator('GET', '/vault/events')
    expect(events.body.data.map(({ type }: { type: string }) => type)).toContain('data_key.rotated')
    expect((await rotate('ws_none')).status).toBe(404)
  })

  test('a walk belongs to one process until that is gone, and what is asked for meanwhile is not lost', async () => {
    const { ctx } = grantry
    const id = decodeId('ws', workspace)!
    await requestReseal(ctx, ctx.db, id)
    const claim = await claimReseal(ctx)
    expect(claim?.workspace).toBe(id)
    expect(await claimReseal(ctx)).toBeNull()
    grantry.clock.advance(claimMs / 1000)
    await requestReseal(ctx, ctx.db, id)
    expect(await resealNext(ctx, never)).toBe(true)
    expect(await resealNext(ctx, never)).toBe(false)
  })

  test('with its workspace a data key is destroyed: nothing opens, no walk waits, and an event says so', async () => {
    const made = (await operator('POST', '/workspaces', { name: 'to end' })).body.data
    const id = decodeId('ws', made.id)!
    const place = { workspace: id, table: 'token_requests', row: id, column: 'access_token', version: 1 }
    const sealed = await grantry.ctx.vault.seal(place, new Secret('token'))
    await using another = open.dialect === 'postgres' ? await startAnother() : null
    if (another) expect((await another.ctx.vault.open(place, sealed)).expose()).toBe('token')
    await rotate(made.id)
    expect((await operator('DELETE', `/workspaces/${made.id}`)).status).toBe(200)
    await runDueRevocations(grantry.ctx)
    await destroyWorkspace(grantry.ctx, id, { whatever: true })
    const gone = { code: 'vault_key_destroyed' }
    await expect(grantry.ctx.vault.open(place, sealed)).rejects.toMatchObject(gone)
    await expect(grantry.ctx.vault.seal(place, new Secret('x'))).rejects.toMatchObject(gone)
    // It had the key in memory, and would have for a minute.
    if (another)
      await expect
        .poll(() => another.ctx.vault.open(place, sealed).catch(({ code }) => code), { timeout: 10_000 })
        .toBe('vault_key_destroyed')
    await drain()
    expect(
      await grantry.ctx.db.selectFrom('reseals').selectAll().where('workspace_id', '=', id).execute(),
    ).toEqual([])
    const { body } = await operator('GET', '/vault/events')
    const told = body.data.filter(({ type }: { type: string }) => type === 'data_key.destroyed')
    expect(told).toMatchObject([{ actor: { kind: 'system' }, data: { workspace: made.id, keys: 2 } }])
    const own = await grantry.ctx.db
      .selectFrom('events')
      .select('type')
      .where('workspace_id', '=', id)
      .orderBy('id', 'desc')
      .limit(1)
      .execute()
    expect(own).toEqual([{ type: 'data_key.destroyed' }])
    expect((await rotate(made.id)).status).toBe(404)
  })
})
