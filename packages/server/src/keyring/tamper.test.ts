import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import {
  addPlainIntegration,
  importTokens,
  mintTokens,
  readToken,
  refreshCalls,
  showConnection,
} from '../../../../test/support/importing.ts'
import { decodeId } from '../../../api/src/index.ts'
import { sealedColumns } from '../sealed-columns.ts'
import { isUnreadable } from '../vault/errors.ts'
import { deliverDue } from '../webhooks/deliver.ts'
import { type Receiver, startReceiver } from '../webhooks/receiver.fixture.ts'
import { insertSealedRows, readSealed, type SealedRow, writeSealed } from './sealed-rows.fixture.ts'

const year = 365 * 24 * 3600
const refused = { status: 500, body: { code: 'secret_unreadable' } }

eachDatabase('what is changed in the database', (open) => {
  let grantry: TestGrantry
  let receiver: Receiver
  let integration: string
  let workspace: { id: string; key: string }
  let rows: SealedRow[]

  beforeAll(async () => {
    receiver = await startReceiver()
    grantry = await startTestGrantry({
      databaseUrl: open.url,
      world: { background: false },
      env: { GRANTRY_EGRESS_ALLOW: receiver.address },
    })
    integration = (await addPlainIntegration(grantry)).id
    const made = await grantry.call('POST', '/api/v1/workspaces', { name: 'w' }, { key: grantry.operatorKey })
    workspace = { id: decodeId('ws', made.body.data.id)!, key: made.body.data.api_key }
    // Makes the deployment's own secrets, and the key that seals them.
    await grantry.call('GET', '/oauth/jwks', undefined, { key: null })
    const { db, vault } = grantry.ctx
    rows = await insertSealedRows({ db, vault, dialect: open.dialect }, workspace.id)
  })
  afterAll(async () => {
    await grantry?.close()
    await receiver?.close()
  })

  const opened = async ({ place }: SealedRow, bytes: Uint8Array) =>
    (await grantry.ctx.vault.open(place, bytes)).expose()
  const expectRefused = async (row: SealedRow, bytes: Uint8Array) => {
    const error = await opened(row, bytes).catch((reason: unknown) => reason)
    expect(isUnreadable(error), `${row.column.table}.${row.column.column}: ${error}`).toBe(true)
  }
  const tampered = async (key?: string) => {
    const answer = await grantry.call(
      'GET',
      '/api/v1/events?type=vault.tampered&limit=200',
      undefined,
      key === undefined ? {} : { key },
    )
    return answer.body.data
  }

  test('every sealed column: any bit, cut, swap over rows, columns, workspaces and versions is refused', async () => {
    const { db, vault } = grantry.ctx
    const other = decodeId('ws', (await grantry.call('GET', '/api/v1/workspace')).body.data.id)!
    expect(rows).toHaveLength(sealedColumns.length)
    for (const row of rows) {
      const sealed = await readSealed(db, row)
      await fc.assert(
        fc.asyncProperty(fc.nat(sealed.length * 8 - 1), fc.nat(sealed.length - 1), async (bit, end) => {
          const changed = Uint8Array.from(sealed)
          changed[bit >> 3]! ^= 1 << (bit & 7)
          await expectRefused(row, changed)
          await expectRefused(row, sealed.subarray(0, end))
        }),
        { numRuns: 40, seed: 9 },
      )
      for (const another of rows) if (another !== row) await expectRefused(row, await readSealed(db, another))
      const { place, secret } = row
      for (const version of [place.version - 1, place.version + 1])
        await expectRefused(row, await vault.seal({ ...place, version }, secret))
      await expectRefused(row, await vault.seal({ ...place, row: crypto.randomUUID() }, secret))
      await expectRefused(row, await vault.seal({ ...place, workspace: other }, secret))
      expect(await opened(row, sealed)).toBe(secret.expose())
    }
    // Thousands of tries: each value is told of once, and nothing of what it holds.
    const own = rows.filter(({ place }) => place.workspace === workspace.id)
    // A webhook's old secret is its secret of the version before.
    const places = new Set(own.map(({ place }) => `${place.table}.${place.column}`))
    await expect
      .poll(async () => (await tampered(workspace.key)).map(({ data }: Tampered) => data.column).sort())
      .toEqual([...places].sort())
    expect(grantry.logs()).toContain('a stored secret is not what was sealed')
    expect(grantry.logs()).not.toContain('canary')
    const { text } = await grantry.call('GET', '/metrics', undefined, { key: null })
    expect(
      Number(/^grantry_vault_refused_total\{code="vault_tampered".*\} (\d+)$/m.exec(text)?.[1]),
    ).toBeGreaterThan(1000)
  })

  test('a token that was changed, swapped or put back is never handed out or sent, and its neighbours are', async () => {
    const tokens = [await mintTokens(grantry), await mintTokens(grantry), await mintTokens(grantry)]
    const ids: string[] = []
    for (const each of tokens)
      ids.push((await importTokens(grantry, integration, each, { expiresIn: year })).id)
    const [one, two, three] = ids as [string, string, string]
    const old = await tokenRow(one)
    expect((await grantry.call('POST', `/api/v1/connections/${one}/refresh`)).status).toBe(200)
    const calls = refreshCalls(grantry).length

    // Put back: what the connection had before its refresh.
    const now = await tokenRow(one)
    await put(now, 'access_token', old.access_token!)
    expect(await readToken(grantry, one)).toMatchObject(refused)
    await put(now, 'access_token', now.access_token!)
    expect((await readToken(grantry, one)).status).toBe(200)

    const [first, second] = [await tokenRow(one), await tokenRow(two)]
    await put(first, 'access_token', second.access_token!)
    await put(second, 'access_token', first.access_token!)
    await put(first, 'refresh_token', second.refresh_token!)
    for (const id of [one, two]) {
      const { status, body, text } = await readToken(grantry, id)
      expect({ status, body }).toMatchObject(refused)
      for (const token of tokens) expect(text).not.toContain(token.access_token)
    }
    expect(await grantry.call('POST', `/api/v1/connections/${one}/refresh`)).toMatchObject(refused)
    expect((await readToken(grantry, three)).body.data.access_token).toBe(tokens[2]!.access_token)
    expect(refreshCalls(grantry)).toHaveLength(calls)
    for (const id of ids) expect(await showConnection(grantry, id)).toMatchObject({ status: 'active' })
    for (let read = 0; read < 5; read++) await readToken(grantry, one)
    await expect
      .poll(async () => (await tampered()).filter(({ connection_id }: Tampered) => connection_id === two))
      .toHaveLength(1)
    // Whoever runs it can still end such a connection.
    await put(second, 'refresh_token', Uint8Array.from(second.refresh_token!).fill(0, 20))
    expect((await grantry.call('DELETE', `/api/v1/connections/${two}`)).status).toBe(200)
  })

  test('a client secret of an earlier version is not sent', async () => {
    const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: year })
    const uuid = decodeId('int', integration)!
    const read = () =>
      grantry.ctx.db.selectFrom('integrations').selectAll().where('id', '=', uuid).executeTakeFirstOrThrow()
    const column = sealedColumns.find(({ table }) => table === 'integrations')!
    const before = await read()
    const { client_secret } = grantry.sandbox!.generic.plain!
    const changed = { client_secret, validate: false }
    expect((await grantry.call('PATCH', `/api/v1/integrations/${integration}`, changed)).status).toBe(200)
    const after = await read()
    await writeSealed(grantry.ctx.db, { column, row: after }, before.client_secret!)
    const calls = refreshCalls(grantry).length
    expect(await grantry.call('POST', `/api/v1/connections/${id}/refresh`)).toMatchObject(refused)
    expect(refreshCalls(grantry)).toHaveLength(calls)
    expect(await showConnection(grantry, id)).toMatchObject({ status: 'active' })
    await writeSealed(grantry.ctx.db, { column, row: after }, after.client_secret!)
    expect((await grantry.call('POST', `/api/v1/connections/${id}/refresh`)).status).toBe(200)
  })

  test('no webhook is signed with another endpoint’s secret', async () => {
    const make = async () =>
      (await grantry.call('POST', '/api/v1/webhook-endpoints', { url: receiver.url })).body.data.id
    const uuid = decodeId('whe', await make())!
    const other = decodeId('whe', await make())!
    const find = (id: string) =>
      grantry.ctx.db
        .selectFrom('webhook_endpoints')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
    const column = sealedColumns.find(({ column: name }) => name === 'secret')!
    const row = await find(uuid)
    await writeSealed(grantry.ctx.db, { column, row }, (await find(other)).secret)
    const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: year })
    await grantry.call('DELETE', `/api/v1/connections/${id}`)
    const before = receiver.received.length
    await deliverDue(grantry.ctx).catch(() => {})
    const stateOf = async (endpoint: string) => {
      const state = grantry.ctx.db.selectFrom('webhook_deliveries').select('status')
      return (await state.where('endpoint_id', '=', endpoint).executeTakeFirstOrThrow()).status
    }
    await expect.poll(() => stateOf(other)).toBe('delivered')
    expect(await stateOf(uuid)).toBe('pending')
    expect(receiver.received).toHaveLength(before + 1)
  })

  test('a data key that was changed opens nothing of its workspace, and all of the others', async () => {
    const { id } = await importTokens(grantry, integration, await mintTokens(grantry), { expiresIn: year })
    const mine = decodeId('ws', (await grantry.call('GET', '/api/v1/workspace')).body.data.id)!
    const { db, invalidation } = grantry.ctx
    const row = await db
      .selectFrom('data_keys')
      .selectAll()
      .where('workspace_id', '=', mine)
      .executeTakeFirstOrThrow()
    const wrap = (wrapped: Uint8Array) =>
      invalidation.change(mine, (tx) =>
        tx.updateTable('data_keys').set({ wrapped }).where('id', '=', row.id).execute(),
      )
    await fc.assert(
      fc.asyncProperty(fc.nat(row.wrapped.length * 8 - 1), async (bit) => {
        const changed = Uint8Array.from(row.wrapped)
        changed[bit >> 3]! ^= 1 << (bit & 7)
        await wrap(changed)
        expect(await readToken(grantry, id)).toMatchObject(refused)
      }),
      { numRuns: 12, seed: 9 },
    )
    const [neighbour] = rows
    expect(await opened(neighbour!, await readSealed(db, neighbour!))).toBe(neighbour!.secret.expose())
    await wrap(row.wrapped)
    expect((await readToken(grantry, id)).status).toBe(200)
    await expect
      .poll(async () =>
        (await tampered()).filter(({ data }: Tampered) => data.column === 'data_keys.wrapped'),
      )
      .toHaveLength(1)
  })

  async function tokenRow(connection: string) {
    const found = await grantry.ctx.db
      .selectFrom('connections')
      .select(['workspace_id', 'token_request_id'])
      .where('id', '=', decodeId('con', connection))
      .executeTakeFirstOrThrow()
    return grantry.ctx.db
      .selectFrom('token_requests')
      .selectAll()
      .where('workspace_id', '=', found.workspace_id)
      .where('id', '=', found.token_request_id)
      .executeTakeFirstOrThrow()
  }

  function put(row: Record<string, unknown>, name: 'access_token' | 'refresh_token', bytes: Uint8Array) {
    const column = sealedColumns.find((each) => each.table === 'token_requests' && each.column === name)!
    return writeSealed(grantry.ctx.db, { column, row }, bytes)
  }
})

type Tampered = { connection_id: string | null; data: { column: string } }
