import { createSecretKey, type KeyObject } from 'node:crypto'
import type { Clock, Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { newId } from '../db/new-id.ts'
import type { DataKeyRow } from '../db/schema.ts'
import { VaultError } from './errors.ts'
import { KEY_BYTES, type RootKey } from './root-key.ts'

export type DataKeysContext = Pick<Context, 'db' | 'random'> & {
  clock: Pick<Clock, 'now'>
  rootKey: RootKey
}

export type DataKey = { id: string; key: KeyObject }

const purposeOf = (workspace: string, id: string) => ['data key', workspace, id]

export async function insertDataKey(
  { rootKey, clock, random }: DataKeysContext,
  tx: Db,
  workspace: string,
): Promise<void> {
  const id = newId({ clock, random })
  const bytes = random(KEY_BYTES)
  const wrapped = await rootKey.wrap(bytes, purposeOf(workspace, id))
  bytes.fill(0)
  await tx
    .insertInto('data_keys')
    .values({
      workspace_id: workspace,
      id,
      wrapped,
      root_key_id: rootKey.id,
      created_at: clock.now(),
      retired_at: null,
    })
    .execute()
}

/** The rows stay, emptied: they tell a value whose key was destroyed from one that never had a key here. */
export async function emptyDataKeys({ clock }: DataKeysContext, tx: Db, workspace: string): Promise<void> {
  await tx
    .updateTable('data_keys')
    .set({ wrapped: new Uint8Array(0), retired_at: clock.now() })
    .where('workspace_id', '=', workspace)
    .execute()
}

/** The key that seals now: the newest that is not retired. */
export async function readSealingKey(ctx: DataKeysContext, workspace: string): Promise<DataKey> {
  const rows = await ctx.db
    .selectFrom('data_keys')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return unwrap(ctx, rows.find((row) => row.retired_at === null) ?? rows.find(isDestroyed))
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

function isDestroyed({ wrapped }: DataKeyRow): boolean {
  return wrapped.length === 0
}

async function unwrap({ rootKey }: DataKeysContext, row: DataKeyRow | undefined): Promise<DataKey> {
  if (!row) throw new VaultError('vault_key_missing', 'The workspace has no such data key')
  if (isDestroyed(row)) throw new VaultError('vault_key_destroyed', 'The data key was destroyed')
  if (row.root_key_id !== rootKey.id)
    throw new VaultError('wrong_root_key', `The data key was wrapped by the root key ${row.root_key_id}`)
  const bytes = await rootKey.unwrap(row.wrapped, purposeOf(row.workspace_id, row.id))
  if (!bytes) throw new VaultError('vault_tampered', 'The data key is not what was wrapped')
  const key = createSecretKey(bytes)
  bytes.fill(0)
  return { id: row.id, key }
}
