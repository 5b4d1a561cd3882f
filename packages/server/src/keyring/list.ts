import { encodeId } from '@grantry/api'
import type { Context } from '../context.ts'
import { newestFirst } from '../db/newest-first.ts'
import type { DataKeyRow } from '../db/schema.ts'
import type { Page } from '../http/cursor.ts'
import { deployment } from '../vault/deployment.ts'

type State = 'sealing' | 'former' | 'retired'

/** Newest first; `limit + 1` rows. */
export async function listDataKeys(
  { db }: Pick<Context, 'db'>,
  { workspace, state }: { workspace?: string | undefined; state?: State | undefined },
  page: Page,
): Promise<DataKeyRow[]> {
  const found = db
    .selectFrom('data_keys')
    .selectAll()
    .$if(workspace !== undefined, (query) => query.where('workspace_id', '=', workspace!))
    .$if(state === 'retired', (query) => query.where('retired_at', 'is not', null))
    .$if(state !== undefined && state !== 'retired', (query) =>
      query
        .where('retired_at', 'is', null)
        .where('superseded_at', state === 'former' ? 'is not' : 'is', null),
    )
  return newestFirst(found, page).execute()
}

export function presentDataKey(row: DataKeyRow) {
  return {
    id: encodeId('dk', row.id),
    workspace_id: row.workspace_id === deployment ? null : encodeId('ws', row.workspace_id),
    state: stateOf(row),
    root_key: row.root_key_id,
    created_at: toTime(row.created_at)!,
    rotates_at: toTime(row.rotate_at),
    superseded_at: toTime(row.superseded_at),
    retired_at: toTime(row.retired_at),
  }
}

function stateOf({ retired_at, superseded_at }: DataKeyRow): State {
  if (retired_at !== null) return 'retired'
  return superseded_at === null ? 'sealing' : 'former'
}

const toTime = (at: number | null) => (at === null ? null : new Date(at).toISOString())
