import type { BreakGlassCriteria, OperatorCriteria } from '@grantry/api'
import { decodeId } from '@grantry/api'
import type { Context } from '../../context.ts'
import { notFound, problem } from '../../errors.ts'
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
 * @throws ApiError not_found, insufficient_scope
 */
export async function readCriteria(
  ctx: Pick<Context, 'catalogue' | 'config' | 'db'>,
  principal: Principal,
  said: BreakGlassCriteria,
): Promise<Criteria> {
  if (principal.endUser !== null || principal.connections !== null)
    throw problem('insufficient_scope', 'Connections of several people are ended with an API key.')
  return {
    ...plainOf(said),
    integration:
      said.integration_id === undefined
        ? null
        : (await readIntegration(ctx, principal, said.integration_id)).id,
    app: await readAppReference(ctx, principal, said.app_id),
    services: principal.services,
  }
}

/**
 * The same for the operator, whose references are looked up in no workspace: one that is of another chooses nothing there.
 * @throws ApiError not_found for what is no id
 */
export const readOperatorCriteria = (said: OperatorCriteria): Criteria => ({
  ...plainOf(said),
  integration: readId('int', said.integration_id, 'integration'),
  app: readId('app', said.app_id, 'app'),
  services: null,
})

function plainOf(
  said: BreakGlassCriteria | OperatorCriteria,
): Omit<Criteria, 'integration' | 'app' | 'services'> {
  const time = (text: string | undefined) => (text === undefined ? null : Date.parse(text))
  return {
    provider: said.provider ?? null,
    endUser: said.end_user_id ?? null,
    // One that leaked may have been ended already: what it did is in the log all the same.
    apiKey: readId('key', said.api_key_id, 'API key'),
    createdSince: time(said.created_since),
    createdUntil: time(said.created_until),
    readSince: time(said.read_since),
    readUntil: time(said.read_until),
  }
}

function readId(kind: 'int' | 'app' | 'key', text: string | undefined, what: string): string | null {
  if (text === undefined) return null
  const id = decodeId(kind, text)
  if (!id) throw notFound(what)
  return id
}

/**
 * Whoever may not end the key otherwise does not so, either. One that is gone already needs no ending.
 * @throws ApiError not_found
 */
export async function requireKeyInReach(
  { db }: Pick<Context, 'db'>,
  principal: Principal,
  { apiKey }: Criteria,
): Promise<void> {
  const beyond = await db
    .selectFrom('api_keys')
    .select('id')
    .where('workspace_id', '=', principal.workspace)
    .where('id', '=', apiKey)
    .where((key) => key.not(inReach(principal)(key)))
    .executeTakeFirst()
  if (beyond) throw notFound('API key')
}
