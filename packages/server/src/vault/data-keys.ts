import { createSecretKey, type KeyObject } from 'node:crypto'
import { type SqlBool, sql } from 'kysely'
import type { Clock, Context } from '../context.ts'
import { type Db, dialectOf } from '../db/connect.ts'
import { newId } from '../db/new-id.ts'
import type { DataKeyRow } from '../db/schema.ts'
import { isUnreadable, type Unreadable, VaultError, type VaultErrorCode } from './errors.ts'
import { KEY_BYTES, type RootKey } from './root-key.ts'

export type DataKeysContext = Pick<Context, 'db' | 'random'> & {
  clock: Pick<Clock, 'now'>
  rootKey: RootKey
  /** What may still have wrapped some; the root key itself wraps from now on. */
  otherRootKeys?: readonly RootKey[]
  /** Told of each try to open something that is not what was sealed. */
  onUnreadable?: (what: Unreadable, code: VaultErrorCode) => void
}

export type DataKey = { id: string; key: KeyObject }

/** How long one key seals. */
export const dataKeyLifeMs = 90 * 24 * 3_600_000

const purposeOf = ({ workspace_id, id }: Pick<DataKeyRow, 'workspace_id' | 'id'>) => [
  'data key',
  workspace_id,
  id,
]

/** A data key that is wrapped and in no database yet. */
export type NewDataKey = {
  id: string
  /** @param after when the key before was made: of two, the one that seals must be the newer */
  insert(tx: Db, after?: number): Promise<void>
}

/** What takes a call to the root key's service is done here: no transaction may wait for that. */
export async function prepareDataKey(
  { rootKey, clock, random }: DataKeysContext,
  workspace: string,
  id = newId({ clock, random }),
): Promise<NewDataKey> {
  const bytes = random(KEY_BYTES)
  const wrapped = await rootKey.wrap(bytes, purposeOf({ workspace_id: workspace, id }))
  bytes.fill(0)
  return {
    id,
    async insert(tx, after = 0) {
      const made = Math.max(clock.now(), after + 1)
      await tx
        .insertInto('data_keys')
        .values({
          workspace_id: workspace,
          id,
          wrapped,
          root_key_id: rootKey.id,
          created_at: made,
          superseded_at: null,
          rotate_at: made + dataKeyLifeMs,
          seals: 0,
          retired_at: null,
        })
        .execute()
    },
  }
}

/**
 * Another key seals from now on, and whatever rests is to be looked at. Null where none does: the workspace has ended, or
 * somebody else is doing the same.
 */
export async function rotateDataKey(
  { clock }: Pick<DataKeysContext, 'clock'>,
  tx: Db,
  { workspace, only, next }: { workspace: string; only?: string | undefined; next: NewDataKey },
): Promise<{ id: string; former: string } | null> {
  const now = clock.now()
  const former = (await readRows(tx, workspace)).find(seals)
  if (!former || (only !== undefined && former.id !== only)) return null
  const result = await tx
    .updateTable('data_keys')
    .set({ superseded_at: now, rotate_at: null })
    .where('workspace_id', '=', workspace)
    .where('id', '=', former.id)
    .where('superseded_at', 'is', null)
    .where('retired_at', 'is', null)
    .executeTakeFirst()
  if (result.numUpdatedRows === 0n) return null
  await next.insert(tx, former.created_at)
  return { id: next.id, former: former.id }
}

/** False where there is no such key that has been superseded and not yet been retired. */
export async function retireDataKey(
  { clock }: DataKeysContext,
  tx: Db,
  { workspace, id }: { workspace: string; id: string },
): Promise<boolean> {
  const result = await tx
    .updateTable('data_keys')
    .set({ wrapped: new Uint8Array(0), retired_at: clock.now() })
    .where('workspace_id', '=', workspace)
    .where('id', '=', id)
    .where('superseded_at', 'is not', null)
    .where('retired_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/**
 * The rows stay, emptied: they tell a value whose key was destroyed from one that never had a key here.
 * @returns how many keys there were to destroy
 */
export async function emptyDataKeys({ clock }: DataKeysContext, tx: Db, workspace: string): Promise<number> {
  // Where one is just being followed by another, that has to be over: then both are seen.
  if (dialectOf(tx) === 'postgres')
    await tx.selectFrom('data_keys').select('id').where('workspace_id', '=', workspace).forUpdate().execute()
  const result = await tx
    .updateTable('data_keys')
    .set({ wrapped: new Uint8Array(0), rotate_at: null, retired_at: clock.now() })
    .where('workspace_id', '=', workspace)
    .where('retired_at', 'is', null)
    .executeTakeFirst()
  return Number(result.numUpdatedRows)
}

/** The key that seals now: the newest that no other has followed. */
export async function readSealingKey(ctx: DataKeysContext, workspace: string): Promise<DataKey> {
  const rows = await readRows(ctx.db, workspace)
  return unwrap(ctx, rows.find(seals) ?? rows.find(isDestroyed))
}

export async function readOpeningKey(ctx: DataKeysContext, workspace: string, id: string): Promise<DataKey> {
  const row = await ctx.db
    .selectFrom('data_keys')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .where('id', '=', id)
    .executeTakeFirst()
  return unwrap(ctx, row)
}

export type KeyCursor = Pick<DataKeyRow, 'workspace_id' | 'id'>

/**
 * Wraps the next data keys by the root key that other known ones wrap, `limit` at most. Each is unwrapped again before it is
 * swapped, and swapped only where it is still what was read; one that does not unwrap stays.
 * @returns where to go on, or null at the end
 */
export async function rewrapDataKeys(
  ctx: DataKeysContext,
  { after, limit }: { after: KeyCursor | null; limit: number },
): Promise<KeyCursor | null> {
  const { db, rootKey, otherRootKeys = [] } = ctx
  const others = otherRootKeys.map(({ id }) => id).filter((id) => id !== rootKey.id)
  if (others.length === 0) return null
  const rows = await db
    .selectFrom('data_keys')
    .selectAll()
    .where('root_key_id', 'in', others)
    .where('retired_at', 'is', null)
    .$if(after !== null, (query) =>
      query.where(sql<SqlBool>`(workspace_id, id) > (${after!.workspace_id}, ${after!.id})`),
    )
    .orderBy('workspace_id')
    .orderBy('id')
    .limit(limit)
    .execute()
  for (const row of rows) await rewrapOne(ctx, row)
  return rows.length < limit ? null : rows.at(-1)!
}

async function rewrapOne(ctx: DataKeysContext, row: DataKeyRow): Promise<void> {
  const { db, rootKey } = ctx
  const bytes = await unwrapBytes(ctx, row).catch((error: unknown) => {
    if (isUnreadable(error)) return null
    throw error
  })
  if (bytes === null) return
  const wrapped = await rootKey.wrap(bytes, purposeOf(row))
  const again = await rootKey.unwrap(wrapped, purposeOf(row))
  const same = again !== null && Buffer.from(bytes).equals(again)
  bytes.fill(0)
  again?.fill(0)
  if (!same) throw new VaultError('wrong_root_key', 'The root key does not give back what it wraps')
  await db
    .updateTable('data_keys')
    .set({ wrapped, root_key_id: rootKey.id })
    .where('workspace_id', '=', row.workspace_id)
    .where('id', '=', row.id)
    .where('wrapped', '=', row.wrapped)
    .execute()
}

function readRows(db: Db, workspace: string): Promise<DataKeyRow[]> {
  return db
    .selectFrom('data_keys')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
}

const seals = ({ superseded_at, retired_at }: DataKeyRow) => superseded_at === null && retired_at === null

function isDestroyed({ wrapped }: DataKeyRow): boolean {
  return wrapped.length === 0
}

async function unwrap(ctx: DataKeysContext, row: DataKeyRow | undefined): Promise<DataKey> {
  if (!row) throw new VaultError('vault_key_missing', 'The workspace has no such data key')
  if (isDestroyed(row)) throw new VaultError('vault_key_destroyed', 'The data key was destroyed')
  const bytes = await unwrapBytes(ctx, row)
  const key = createSecretKey(bytes)
  bytes.fill(0)
  return { id: row.id, key }
}

async function unwrapBytes(
  { rootKey, otherRootKeys = [], onUnreadable }: DataKeysContext,
  row: DataKeyRow,
): Promise<Uint8Array> {
  const at = { workspace: row.workspace_id, table: 'data_keys', row: row.id, column: 'wrapped' }
  const by = [rootKey, ...otherRootKeys].find(({ id }) => id === row.root_key_id)
  if (!by)
    throw new VaultError('wrong_root_key', `The data key was wrapped by the root key ${row.root_key_id}`, {
      at,
    })
  const bytes = await by.unwrap(row.wrapped, purposeOf(row))
  if (bytes?.length === KEY_BYTES) return bytes
  onUnreadable?.(at, 'vault_tampered')
  throw new VaultError('vault_tampered', 'The data key is not what was wrapped', { at })
}
