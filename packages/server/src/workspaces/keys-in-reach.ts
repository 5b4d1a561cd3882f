import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import { isAmong } from '../db/is-among.ts'
import type { Database } from '../db/schema.ts'
import type { Principal, Services } from '../http/principal.ts'

type Keys = ExpressionBuilder<Database, 'api_keys'>

/** A condition on API keys: those that reach no more than this credential, by app, providers and integrations. */
export const inReach =
  ({ workspace, app, services }: Pick<Principal, 'workspace' | 'app' | 'services'>) =>
  (key: Keys): Expression<SqlBool> =>
    key.and([
      ...(app === null ? [] : [key('api_keys.app_id', '=', app)]),
      ...(services === null
        ? []
        : [key('api_keys.by_service', '=', 1), key.not(key.exists(beyond(key, workspace, services)))]),
    ])

/** What a key is narrowed to that these services do not hold. */
function beyond(key: Keys, workspace: string, { providers, integrations }: Services) {
  return key
    .selectFrom('api_key_limits as limit')
    .select('limit.value')
    .whereRef('limit.workspace_id', '=', 'api_keys.workspace_id')
    .whereRef('limit.key_id', '=', 'api_keys.id')
    .where('limit.kind', '!=', 'network')
    .where((limit) => {
      const ofProviders = limit
        .selectFrom('integrations')
        .select(sql<string>`cast(integrations.id as text)`.as('id'))
        .where('integrations.workspace_id', '=', workspace)
        .where('integrations.provider', 'in', [...providers])
      const held = limit.or([
        limit.and([limit('limit.kind', '=', 'provider'), isAmong('limit.value', providers)(limit)]),
        limit.and([
          limit('limit.kind', '=', 'integration'),
          limit.or([
            isAmong('limit.value', integrations)(limit),
            ...(providers.size > 0 ? [limit('limit.value', 'in', ofProviders)] : []),
          ]),
        ]),
      ])
      return limit.not(held)
    })
}
