import type { Context } from '../context.ts'
import type { EventRow } from '../db/schema.ts'
import { reachesAll } from '../http/narrowing.ts'
import type { Principal } from '../http/principal.ts'

/** What the ids of some events are called today, by UUID. */
export type Labels = {
  actors: ReadonlyMap<string, string>
  connections: ReadonlyMap<string, string>
  integrations: ReadonlyMap<string, string>
}

const nothing: ReadonlyMap<string, string> = new Map()
export const noLabels: Labels = { actors: nothing, connections: nothing, integrations: nothing }

type Row = Pick<EventRow, 'actor_kind' | 'actor_id' | 'connection_id' | 'integration_id'>

/**
 * Names for a page of events, a query for each kind. Who else works in the workspace is nothing that a narrowed
 * credential learns.
 */
export async function labelsOf(
  ctx: Pick<Context, 'db'>,
  principal: Principal,
  rows: readonly Row[],
): Promise<Labels> {
  const { workspace } = principal
  const idsOf = (pick: (row: Row) => string | null) => [
    ...new Set(rows.map(pick).filter((id) => id !== null)),
  ]
  const by = (kind: string) => idsOf((row) => (row.actor_kind === kind ? row.actor_id : null))
  const actors = reachesAll(principal)
    ? await Promise.all([
        read('api_keys', ['name'], by('api_key')),
        read('members', ['email'], by('member')),
        read('oauth_grants', ['client_name'], by('oauth_client')),
      ])
    : []
  return {
    actors: new Map(actors.flatMap((some) => [...some])),
    connections: await read(
      'connections',
      ['account_label', 'account_email', 'account_id', 'end_user_email', 'end_user_name', 'end_user_id'],
      idsOf(({ connection_id }) => connection_id),
    ),
    integrations: await read(
      'integrations',
      ['label'],
      idsOf(({ integration_id }) => integration_id),
    ),
  }

  /** The first of the columns that holds something. */
  async function read(
    table: Labelled,
    columns: readonly string[],
    ids: string[],
  ): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map()
    const found = (await ctx.db
      .selectFrom(table)
      .select(['id', ...columns] as never)
      .where('workspace_id', '=', workspace)
      .where('id', 'in', ids)
      .execute()) as Record<string, string | null>[]
    return new Map(
      found.flatMap((row): [string, string][] => {
        const label = columns.map((column) => row[column]).find(Boolean)
        return label ? [[row.id!, label]] : []
      }),
    )
  }
}

type Labelled = 'api_keys' | 'members' | 'oauth_grants' | 'connections' | 'integrations'
