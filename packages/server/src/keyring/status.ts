import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { type BackEnd, backEnds } from '../vault/stores/secret-store.ts'

/** What the operator sees of all keys at once. */
export async function readVaultStatus({ db, stores, vault }: Pick<Context, 'db' | 'stores' | 'vault'>) {
  const appointed = await vault.rootKeys.appointed()
  const wrapped = await db
    .selectFrom('data_keys')
    .select(['root_key_id', ({ fn }) => fn.countAll<number>().as('keys')])
    .where('retired_at', 'is', null)
    .groupBy('root_key_id')
    .execute()
  const ids = new Set([...vault.rootKeys.known, ...wrapped.map((row) => row.root_key_id)])
  const counts = await db
    .selectFrom('data_keys')
    .select(({ fn }) => [
      fn.countAll<number>().as('all'),
      fn.count<number>('retired_at').as('retired'),
      sql<number>`count(case when superseded_at is not null and retired_at is null then 1 end)`.as('former'),
    ])
    .executeTakeFirstOrThrow()
  const walks = await db
    .selectFrom('reseals')
    .select(({ fn }) => [
      fn.sum<number | null>('values_left').as('left'),
      fn.sum<number | null>('values_refused').as('refused'),
      sql<number>`count(case when values_left is null then 1 end)`.as('unseen'),
    ])
    .executeTakeFirstOrThrow()
  return {
    root_keys: [...ids].map((id) => ({
      id,
      data_keys: wrapped.find((row) => row.root_key_id === id)?.keys ?? 0,
      wraps_here: id === vault.rootKeys.id,
      to_wrap_all: id === appointed,
      known: vault.rootKeys.known.includes(id),
    })),
    data_keys: {
      sealing: counts.all - counts.retired - counts.former,
      former: counts.former,
      retired: counts.retired,
    },
    back_ends: await readBackEnds(db, stores.wanted ?? 'database'),
    values: {
      left: walks.left ?? 0,
      refused: walks.refused ?? 0,
      workspaces_to_look_at: walks.unseen,
    },
  }
}

async function readBackEnds(db: Db, configured: BackEnd | 'database') {
  const items = await db
    .selectFrom('vault_items')
    .select(({ fn }) => [
      'back_end',
      fn.countAll<number>().as('all'),
      fn.count<number>('orphaned_at').as('orphaned'),
    ])
    .groupBy('back_end')
    .execute()
  return [
    { name: 'database' as const, configured: configured === 'database', values: null, to_remove: 0 },
    ...backEnds.flatMap((name) => {
      const { all, orphaned } = items.find(({ back_end }) => back_end === name) ?? { all: 0, orphaned: 0 }
      if (all === 0 && name !== configured) return []
      return [{ name, configured: name === configured, values: all - orphaned, to_remove: orphaned }]
    }),
  ]
}
