import type { BreakGlassCriteria, OperatorCriteria } from '@grantry/api'
import { decodeId } from '@grantry/api'
import type { Context } from '../../context.ts'
import { invalid, notFound, problem } from '../../errors.ts'
import type { Principal, Services } from '../../http/principal.ts'
import { readIntegration } from '../../integrations/find.ts'
import { readAppReference } from '../../workspaces/find-app.ts'
import { inReach } from '../../workspaces/keys-in-reach.ts'

/** Which living connections: UUIDs, and times in milliseconds since the epoch. null: not asked for. All of them must fit. */
export type Criteria = {
  provider: string | null
  integration: string | null
  app: string | null
  /** What the caller is narrowed to. */
  services: Services | null
  endUser: string | null
  /** Read by this API key, itself or by the tokens that it minted for end users. */
  apiKey: string | null
  createdSince: number | null
  createdUntil: number | null
  readSince: number | null
  readUntil: number | null
}

/** Whether they are chosen by what the audit log says of reads. */
export const goesByLog = ({ apiKey, readSince, readUntil }: Criteria): boolean =>
  apiKey !== null || readSince !== null || readUntil !== null

/**
 * What a request chooses. A narrowed key chooses among the connections that it reaches.
 * @throws ApiError not_found, insufficient_scope, invalid_request
 */
export async function readCriteria(
  ctx: Pick<Context, 'catalogue' | 'config' | 'db'>,
  principal: Principal,
  said: BreakGlassCriteria,
): Promise<Criteria> {
  if (principal.endUser !== null || principal.connections !== null)
    throw problem('insufficient_scope', 'Connections of several people are ended with an API key.')
  await refuseUnknownProvider(ctx, said)
  return {
    ...plainOf(said),
    integration:
      said.integration_id === undefined
        ? null
        : (await readIntegration(ctx, principal, said.integration_id, 'integration_id')).id,
    app: await readAppReference(ctx, principal, said.app_id),
    services: principal.services,
  }
}

/**
 * The same for the operator, whose references are looked up in no workspace: one that is of another chooses nothing there.
 * @throws ApiError not_found for what is no id, invalid_request
 */
export async function readOperatorCriteria(
  ctx: Pick<Context, 'catalogue' | 'db'>,
  said: OperatorCriteria,
): Promise<Criteria> {
  await refuseUnknownProvider(ctx, said)
  return {
    ...plainOf(said),
    integration: readId('int', said.integration_id, ['integration', 'integration_id']),
    app: readId('app', said.app_id, ['app', 'app_id']),
    services: null,
  }
}

/** Whoever is in a hurry is told of a slip, not that nothing need be ended. What the catalogue has lost may have connections. */
async function refuseUnknownProvider(
  { catalogue, db }: Pick<Context, 'catalogue' | 'db'>,
  { provider }: Pick<BreakGlassCriteria, 'provider'>,
): Promise<void> {
  if (provider === undefined || catalogue.has(provider)) return
  const one = await db
    .selectFrom('connections')
    .select('id')
    .where('provider', '=', provider)
    .limit(1)
    .execute()
  if (one.length === 0) throw invalid('criteria.provider', `there is no provider "${provider}"`)
}

function plainOf(
  said: BreakGlassCriteria | OperatorCriteria,
): Omit<Criteria, 'integration' | 'app' | 'services'> {
  const time = (text: string | undefined) => (text === undefined ? null : Date.parse(text))
  return {
    provider: said.provider ?? null,
    endUser: said.end_user_id ?? null,
    // One that leaked may have been ended already: what it did is in the log all the same.
    apiKey: readId('key', said.api_key_id, ['API key', 'api_key_id']),
    createdSince: time(said.created_since),
    createdUntil: time(said.created_until),
    readSince: time(said.read_since),
    readUntil: time(said.read_until),
  }
}

function readId(
  kind: 'int' | 'app' | 'key',
  text: string | undefined,
  named: [what: string, path: string],
): string | null {
  if (text === undefined) return null
  const id = decodeId(kind, text)
  if (!id) throw notFound(...named)
  return id
}

/**
 * Whoever could not end the key by itself does not end it so, either. One that is gone already needs no ending.
 * @throws ApiError not_found
 */
export async function requireKeyInReach(
  { db }: Pick<Context, 'db'>,
  principal: Principal,
  { apiKey }: Criteria,
): Promise<void> {
  const keys = db
    .selectFrom('api_keys')
    .select('id')
    .where('workspace_id', '=', principal.workspace)
    .where('id', '=', apiKey)
  if ((await keys.execute()).length === 0) return
  if ((await keys.where(inReach(principal)).execute()).length === 0) throw notFound('API key', 'api_key_id')
}
