import { encodeId } from '@grantry/api'
import type { Db } from '../db/connect.ts'
import type { ApiKeyRow } from '../db/schema.ts'
import type { Principal, Services } from '../http/principal.ts'

/** What a key is narrowed to besides an app. */
export type KeyLimits = Pick<Principal, 'services' | 'networks'>

type Limited = Pick<ApiKeyRow, 'workspace_id' | 'id' | 'by_service' | 'by_network'>

/** Those of some keys of one workspace, by UUID. A limit whose rows are missing lets nothing through. */
export async function limitsOf(db: Db, keys: readonly Limited[]): Promise<Map<string, KeyLimits>> {
  const limited = keys.filter(({ by_service, by_network }) => by_service || by_network)
  const [first] = limited
  const rows = first
    ? await db
        .selectFrom('api_key_limits')
        .select(['key_id', 'kind', 'value'])
        .where('workspace_id', '=', first.workspace_id)
        .where(
          'key_id',
          'in',
          limited.map(({ id }) => id),
        )
        .orderBy('value')
        .execute()
    : []
  return new Map(
    keys.map(({ id, by_service, by_network }) => {
      const values = (kind: (typeof rows)[number]['kind']) =>
        rows.filter((row) => row.key_id === id && row.kind === kind).map(({ value }) => value)
      const services = {
        providers: new Set(values('provider')),
        integrations: new Set(values('integration')),
      }
      return [id, { services: by_service ? services : null, networks: by_network ? values('network') : null }]
    }),
  )
}

export async function insertLimits(
  tx: Db,
  { workspace_id, id }: Pick<ApiKeyRow, 'workspace_id' | 'id'>,
  { services, networks }: KeyLimits,
): Promise<void> {
  const of = (kind: 'provider' | 'integration' | 'network', values: Iterable<string>) =>
    [...new Set(values)].map((value) => ({ workspace_id, key_id: id, kind, value }))
  const rows = [
    ...of('provider', services?.providers ?? []),
    ...of('integration', services?.integrations ?? []),
    ...of('network', networks ?? []),
  ]
  if (rows.length > 0) await tx.insertInto('api_key_limits').values(rows).execute()
}

/** As the API and the audit log tell them. */
export const presentLimits = ({ services, networks }: KeyLimits) => ({
  providers: services && [...services.providers],
  integrations: services && presentIntegrations(services),
  networks: networks && [...networks],
})

const presentIntegrations = ({ integrations }: Services) => [...integrations].map((id) => encodeId('int', id))
