import { randomBytes } from 'node:crypto'
import { decodeId, encodeId } from '@grantry/api'
import { Secret, type TokenSet } from '@grantry/oauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from '../../../../test/support/cli.ts'
import { addSandboxIntegration, connectAccount } from '../../../../test/support/connecting.ts'
import { createTestDatabase, type TestDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import {
  addPlainIntegration,
  eventsOf,
  importTokens,
  mintTokens,
  passTime,
  readToken,
  showConnection,
} from '../../../../test/support/importing.ts'
import { readConfig } from '../config.ts'
import { keepTokens } from '../connections/refresh/journal.ts'
import { sealTokens } from '../connections/token-set.ts'
import { insertRows } from '../db/insert-rows.ts'
import { newId } from '../db/new-id.ts'
import { VaultError } from '../vault/errors.ts'
import { markRestored } from './mark-restored.ts'
import { markDatabase } from './restore-backup.ts'

describe.each(['sqlite', 'postgres'] as const)(
  'a database that came back out of a backup (%s)',
  (dialect) => {
    let database: TestDatabase
    let grantry: TestGrantry
    let takenAt: number
    const encryptionKey = randomBytes(32).toString('base64')
    const ids: Record<string, string> = {}
    beforeAll(async () => {
      database = await createTestDatabase(dialect, 'migrated')
      grantry = await startTestGrantry({
        databaseUrl: database.url,
        encryptionKey,
        world: { background: false },
      })
      const { control } = grantry.sandbox!
      const plain = (await addPlainIntegration(grantry)).id
      const mail = (await addSandboxIntegration(grantry, 'gmail')).id
      const bring = async (name: string, expiresIn: number) => {
        const tokens = await mintTokens(grantry)
        ids[name] = (await importTokens(grantry, plain, tokens, { expiresIn, end_user: { id: name } })).id
      }
      await bring('rotated', 3600)
      await bring('idle', 3600)
      await bring('valid', 86_400)
      await bring('unanswered', 3600)
      ids.constant = (await connectAccount(grantry, { integration: mail, end_user: { id: 'constant' } })).id
      control.fault({ fault: 'drop_after', endpoint: 'token' })
      expect((await refresh('unanswered')).status).toBe(502)

      const backup = await keepRows()
      takenAt = grantry.clock.now()
      // What happened since: tokens were replaced at their provider.
      for (const name of ['rotated', 'rotated', 'valid', 'constant'])
        expect((await refresh(name)).status, name).toBe(200)
      passTime(grantry, 7200)
      await putBack(backup)
      await grantry.ctx.db
        .insertInto('invitations')
        .values({
          workspace_id: (await workspace()).id,
          id: '019aa0f4-6800-7000-8000-0000000000aa',
          email: 'new@example.com',
          role: 'viewer',
          token_hash: 'hash',
          created_by: null,
          created_at: takenAt,
          expires_at: takenAt + 86_400_000_000,
        })
        .execute()
    })
    afterAll(async () => {
      await grantry?.close()
      await database?.drop()
    })

    const tables = ['connections', 'token_requests'] as const
    const keepRows = () =>
      Promise.all(tables.map((table) => grantry.ctx.db.selectFrom(table).selectAll().execute()))
    const putBack = async (rows: Awaited<ReturnType<typeof keepRows>>) => {
      for (const [index, table] of tables.entries()) {
        await grantry.ctx.db.deleteFrom(table).execute()
        await insertRows(grantry.ctx.db, table, rows[index] as never)
      }
    }
    const workspace = () => grantry.ctx.db.selectFrom('workspaces').selectAll().executeTakeFirstOrThrow()
    const refresh = (name: string) => grantry.call('POST', `/api/v1/connections/${ids[name]}/refresh`)
    const listed = async (query: string) => {
      const { body } = await grantry.call('GET', `/api/v1/connections?${query}`)
      return body.data.map(({ end_user }: { end_user: { id: string } }) => end_user.id).sort()
    }
    /** Once, and all that it began. */
    const sweep = () => grantry.ctx.sweep(AbortSignal.abort())
    const calls = (provider = 'plain') =>
      grantry.sandbox!.control.calls({ provider, endpoint: 'token', grant_type: 'refresh_token' }).length

    test('is marked where other tools have put it back, but not while a server is at it', async () => {
      const mark = (url: string) => {
        const env = {
          GRANTRY_DATABASE_URL: url,
          GRANTRY_DATA_DIR: grantry.dataDir,
          GRANTRY_ENCRYPTION_KEY: encryptionKey,
        }
        return markDatabase({ ...grantry.ctx, config: readConfig(env) }, takenAt)
      }
      const unserved = await createTestDatabase(dialect, 'migrated')
      expect(await mark(unserved.url)).toMatchObject({ epoch: 1, taken_at: takenAt, connections: 0 })
      await unserved.drop()
      await expect(mark(database.url)).rejects.toThrow(
        /A server runs on|connections of Grantry are open to this database/,
      )
      expect(await listed('from_backup=true')).toEqual([])
    })

    test('marks what came with it, in every workspace an event', async () => {
      const restored = await markRestored(grantry.ctx, takenAt)
      expect(restored).toEqual({
        epoch: 1,
        restored_at: expect.any(Number),
        taken_at: takenAt,
        connections: 5,
      })
      const { body } = await grantry.call('GET', '/api/v1/events?type=workspace.restored')
      expect(body.data).toMatchObject([
        { data: { epoch: 1, taken_at: new Date(takenAt).toISOString(), connections: 5 } },
      ])
      expect(await listed('from_backup=true')).toEqual(['constant', 'idle', 'rotated', 'unanswered', 'valid'])
      // Those too whose pair may still come out of a spool.
      const unmarked = grantry.ctx.db
        .selectFrom('token_requests')
        .select('id')
        .where('restored_in', 'is', null)
      expect(await unmarked.execute()).toEqual([])
      // Nobody has signed up yet: the link that lets them is not taken away.
      expect(await grantry.ctx.db.selectFrom('invitations').selectAll().execute()).toHaveLength(1)
    })

    test('sends nothing at once, and nothing again whose answer was lost before the backup', async () => {
      const before = calls()
      for (let turn = 0; turn < 3; turn++) await sweep()
      expect(calls()).toBe(before)
    })

    test('takes no pair from the spool that nothing opens any more', async () => {
      const { vault, clock, db } = grantry.ctx
      const { id: workspace_id } = await workspace()
      const of = await db
        .selectFrom('connections')
        .select(['id as connection_id', 'integration_id'])
        .where('id', '=', decodeId('con', ids.idle!))
        .executeTakeFirstOrThrow()
      const id = newId(grantry.ctx)
      const tokens = await sealTokens(
        { clock, vault },
        { workspace: workspace_id, request: id, sentAt: clock.now(), keep: null },
        {
          access_token: new Secret('newer-access'),
          refresh_token: new Secret('newer-refresh'),
          token_type: 'Bearer',
          expires_in: 3600,
          refresh_expires_in: null,
          scopes: null,
        } as TokenSet,
      )
      // By a data key that the workspace got after the backup.
      for (const sealed of [tokens.access_token, tokens.refresh_token]) sealed!.set(randomBytes(16), 1)
      const keep = (ctx = grantry.ctx) => keepTokens(ctx, { workspace_id, id, tokens, of }, clock.now())
      const down = async () => {
        throw new VaultError('vault_unavailable', 'not now')
      }
      await expect(keep({ ...grantry.ctx, vault: { ...vault, open: down } })).rejects.toThrow('not now')
      expect(await keep()).toBe(false)
      expect(await db.selectFrom('token_requests').select('id').where('id', '=', id).execute()).toEqual([])
      expect(grantry.logs()).toContain('does not open: it is dropped')
      expect(grantry.logs()).not.toContain('newer-')
    })

    test('tries each token once that is due; what the provider has replaced is listed, and not asked for again', async () => {
      const before = { plain: calls(), gmail: calls('gmail') }
      passTime(grantry, 600)
      for (let turn = 0; turn < 5; turn++) await sweep()
      expect(calls() - before.plain).toBe(3)
      expect(calls('gmail') - before.gmail).toBe(1)
      passTime(grantry, 3600)
      for (let turn = 0; turn < 3; turn++) await sweep()
      for (const name of ['rotated', 'unanswered']) {
        expect(await readToken(grantry, ids[name]!)).toMatchObject({
          status: 409,
          body: { code: 'connection_needs_reauth', reason: 'restored' },
        })
        expect(
          (await eventsOf(grantry, ids[name]!)).filter((type) => type === 'connection.needs_reauth'),
        ).toHaveLength(1)
      }
      // That of the idle one, once more, an hour later.
      expect(calls() - before.plain).toBe(4)
      expect(await listed('reason=restored')).toEqual(['rotated', 'unanswered'])
      expect((await showConnection(grantry, ids.rotated!)).advice.what).toContain('restored from a backup')
    })

    test('serves what is valid, renews what was not replaced, and lists what nobody knows of yet', async () => {
      const before = calls()
      expect((await readToken(grantry, ids.valid!)).status).toBe(200)
      expect(calls()).toBe(before)
      for (const name of ['idle', 'constant'])
        expect((await readToken(grantry, ids[name]!)).status, name).toBe(200)
      expect(await listed('from_backup=true')).toEqual(['rotated', 'unanswered', 'valid'])
      expect(await listed('from_backup=true&status=active')).toEqual(['valid'])
    })

    test('tells the operator how many there are, of each workspace, and nobody else', async () => {
      const { id, name } = await workspace()
      const env = { GRANTRY_URL: grantry.url, GRANTRY_OPERATOR_KEY: grantry.operatorKey }
      const { json, stderr } = await runCli(['restores', '--json'], { env })
      expect(json, stderr).toEqual({
        restores: [{ epoch: 1, restored_at: expect.any(String), taken_at: new Date(takenAt).toISOString() }],
        connections: { unproven: 1, needs_reauth: 2 },
        workspaces: [{ id: encodeId('ws', id), name, unproven: 1, needs_reauth: 2 }],
      })
      const told = await runCli(['restores'], { env })
      expect(told.stdout).toMatch(/To be connected again\s+2/)
      expect((await grantry.call('GET', '/api/v1/restores')).status).toBe(403)
      const mine = { GRANTRY_URL: grantry.url, GRANTRY_API_KEY: grantry.apiKey }
      const list = await runCli(['connections', 'list', '--reason', 'restored', '--json'], { env: mine })
      expect(list.json).toHaveLength(2)
      const left = await runCli(['connections', 'list', '--from-backup', '--status', 'active', '--json'], {
        env: mine,
      })
      expect(left.json).toMatchObject([{ id: ids.valid }])
    })

    test('ends what people hold: sessions, links, tokens of our own authorization server, sign-ins under way', async () => {
      const { db } = grantry.ctx
      const { id } = await workspace()
      const session = await grantry.call('POST', '/api/v1/connect-sessions', {
        provider: 'gmail',
        end_user: { id: 'later' },
      })
      expect(session.status).toBe(201)
      const common = { workspace_id: id, created_at: takenAt, expires_at: takenAt + 86_400_000_000 }
      await db
        .insertInto('sessions')
        .values({
          ...common,
          id: '019aa0f4-6800-7000-8000-0000000000ab',
          hash: 'hash',
          kind: 'end_user',
          member_id: null,
          end_user_id: 'u',
          email: null,
          name: null,
          identity_provider_id: null,
          network: 'net',
          browser: null,
          authenticated_at: takenAt,
          last_seen_at: takenAt,
        })
        .execute()
      await db
        .insertInto('members')
        .values({
          workspace_id: id,
          id: '019aa0f4-6800-7000-8000-0000000000ac',
          email: 'ada@example.com',
          name: null,
          role: 'owner',
          password_hash: null,
          created_at: takenAt,
          last_signed_in_at: null,
        })
        .execute()
      await db
        .insertInto('oauth_records')
        .values({
          ...common,
          model: 'RefreshToken',
          id_hash: 'hash',
          grant_hash: null,
          uid_hash: null,
          client_id: null,
          payload: '{}',
          consumed_at: null,
          used_at: null,
          successor_hash: null,
          replay_digest: null,
          replay: null,
        })
        .execute()
      expect(await markRestored(grantry.ctx, null)).toMatchObject({ epoch: 2, taken_at: expect.any(Number) })
      for (const table of ['sessions', 'oauth_records', 'authorizations', 'invitations'] as const)
        expect(await db.selectFrom(table).selectAll().execute(), table).toEqual([])
      const shown = await grantry.call('GET', `/api/v1/connect-sessions/${session.body.data.id}`)
      expect(shown.body.data).toMatchObject({ status: 'failed', error: 'expired' })
      // What was renewed since the first restore has come out of the second.
      expect(await listed('from_backup=true&status=active')).toEqual(['constant', 'idle', 'valid'])
    })
  },
)
