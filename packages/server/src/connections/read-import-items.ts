import { type ImportItem, importItem } from '@grantry/api'
import type { Context } from '../context.ts'
import { ApiError, invalid } from '../errors.ts'
import type { Principal } from '../http/principal.ts'
import { readIntegration } from '../integrations/find.ts'
import type { Integration } from '../integrations/store.ts'
import { readAppReference } from '../workspaces/find-app.ts'
import { hashImportKey } from './import-keys.ts'
import { canRefresh } from './refresh/schedule.ts'

/** Why an item is not stored; public. */
export type Fault = { code: string; detail: string; errors: { path: string; message: string }[] }

/** An item that may be stored, with what its ids mean. */
export type ReadItem = {
  item: ImportItem
  integration: Integration
  app: string | null
  /** Of its key, its integration and its app. */
  hash: string
}

export type Judged = { key: string; read: ReadItem } | { key: string | null; fault: Fault }

type Needs = Pick<Context, 'catalogue' | 'config' | 'db'>

/** Judges each item by itself, as a single import is judged. What several items name is looked up once. */
export async function readImportItems(
  ctx: Needs,
  principal: Principal,
  items: readonly unknown[],
): Promise<Judged[]> {
  const integrations = remember((id) => readIntegration(ctx, principal, id, 'integration'))
  const apps = remember((id) => readAppReference(ctx, principal, id))
  const judged: Judged[] = []
  for (const item of items) judged.push(await judge(item))
  return judged

  async function judge(raw: unknown): Promise<Judged> {
    const parsed = importItem.safeParse(raw)
    if (!parsed.success) return { key: keyOf(raw), fault: faultOf(parsed.error.issues) }
    const { data: item } = parsed
    try {
      const integration = await integrations(item.integration)
      const app = (item.app_id === undefined ? principal.app : await apps(item.app_id)) ?? integration.app
      if (integration.app !== null && integration.app !== app)
        throw invalid('app_id', 'is not the app that this integration belongs to')
      if (!item.tokens.access_token && !canRefresh(integration.profile, true))
        throw invalid('tokens.access_token', 'is needed: tokens of this integration cannot be refreshed')
      if (item.proxy_policy) refusePolicy(principal)
      const hash = hashImportKey(integration.id, app, item.key)
      return { key: item.key, read: { item, integration, app, hash } }
    } catch (error) {
      if (error instanceof ApiError) return { key: item.key, fault: toFault(error) }
      throw error
    }
  }
}

/** Whom a policy is to hold back does not lay it down. */
function refusePolicy({ kind }: Principal): void {
  if (kind === 'api_key' || kind === 'member') return
  throw invalid('proxy_policy', 'is set with an API key', 'insufficient_scope')
}

export const toFault = ({ code, message, errors = [] }: ApiError): Fault => ({
  code,
  detail: message,
  errors,
})

type Issue = { path: PropertyKey[]; message: string; keys?: string[] }

function faultOf(issues: readonly Issue[]): Fault {
  const errors = issues.map(({ path, message, keys = [] }) => ({
    path: [...path, ...keys.slice(0, 1)].join('.'),
    message,
  }))
  const detail = errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ')
  return { code: 'invalid_request', detail, errors }
}

function keyOf(raw: unknown): string | null {
  const key = (raw as { key?: unknown } | null)?.key
  return typeof key === 'string' && key.length <= 255 ? key : null
}

/** The same answer, or the same refusal, to whoever asks again. */
function remember<Value>(load: (id: string) => Promise<Value>): (id: string) => Promise<Value> {
  const known = new Map<string, Promise<Value>>()
  return (id) => {
    const found = known.get(id) ?? load(id)
    known.set(id, found)
    return found
  }
}
