import type { ProviderProfile } from '@grantry/oauth'
import { sql } from 'kysely'
import type { Db } from '../db/connect.ts'
import type { Integration } from '../integrations/store.ts'
import { usualBudget } from './refresh/gate.ts'

/** Milliseconds between first refreshes: half of what the provider config may be asked is left to everything else. */
export function paceOf({ refresh }: ProviderProfile): number {
  const { calls, seconds } = refresh?.budget ?? usualBudget
  return (2000 * seconds) / calls
}

/**
 * Plans the first refreshes of `count` imports, after those of the imports before, so that a hundred thousand of them do
 * not stand before the provider, and before everybody else's refreshes, at once.
 * @returns a time for each, earliest first
 */
export async function planFirstRefreshes(
  tx: Db,
  { workspace, id, profile }: Pick<Integration, 'workspace' | 'id' | 'profile'>,
  count: number,
  now: number,
): Promise<number[]> {
  if (count === 0) return []
  const pace = paceOf(profile)
  const span = Math.ceil(count * pace)
  const { until } = await tx
    .insertInto('import_paces')
    .values({ workspace_id: workspace, integration_id: id, until: now + span })
    .onConflict((conflict) =>
      conflict.columns(['workspace_id', 'integration_id']).doUpdateSet({
        until: sql`case when import_paces.until > ${now} then import_paces.until else ${now} end + ${span}`,
      }),
    )
    .returning('until')
    .executeTakeFirstOrThrow()
  const from = Number(until) - span
  return Array.from({ length: count }, (_, index) => Math.floor(from + index * pace))
}
