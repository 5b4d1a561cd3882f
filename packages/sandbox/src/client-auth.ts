import type { ClientAuthMethod, ProviderTable, RefusalReason } from './provider-table.ts'
import { type Client, clientKey, type SandboxState } from './state.ts'

export type ClientAuth = { client: Client } | { refused: RefusalReason; client_id: string | null }

type Presented = { method: ClientAuthMethod; id: string; secret: string | null }

/** Who the client is (RFC 6749 §2.3): Basic, body, or its bare id where the provider takes public clients. */
export const authenticateClient = (
  state: Pick<SandboxState, 'clients'>,
  table: ProviderTable,
  authorization: string | undefined,
  params: URLSearchParams,
  methods: readonly ClientAuthMethod[] = table.token.client_auth,
): ClientAuth => {
  if (table.token.client_by_secret) return bySecret(state, table, authorization, params)
  const presented = fromHeader(authorization) ?? fromBody(params)
  if (!presented) return { refused: 'client_missing', client_id: null }
  const refuse = (refused: RefusalReason): ClientAuth => ({ refused, client_id: presented.id })
  const client = state.clients.get(clientKey(table.name, presented.id))
  if (!client) return refuse('client_unknown')
  if (client.client_secret === null) return presented.secret ? refuse('client_wrong_secret') : { client }
  if (!methods.includes(presented.method)) return refuse('client_method')
  return presented.secret === client.client_secret ? { client } : refuse('client_wrong_secret')
}

const bySecret = (
  { clients }: Pick<SandboxState, 'clients'>,
  table: ProviderTable,
  authorization: string | undefined,
  params: URLSearchParams,
): ClientAuth => {
  const secret =
    /^bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1] ??
    fromHeader(authorization)?.id ??
    params.get('client_secret')
  if (!secret) return { refused: 'client_missing', client_id: null }
  const client = [...clients.values()].find(
    (known) => known.provider === table.name && known.client_secret === secret,
  )
  if (!client) return { refused: 'client_wrong_secret', client_id: null }
  const named = params.get('client_id')
  return named && named !== client.client_id ? { refused: 'client_unknown', client_id: named } : { client }
}

const fromHeader = (authorization: string | undefined): Presented | null => {
  const encoded = /^basic\s+(\S+)$/i.exec(authorization ?? '')?.[1]
  if (!encoded) return null
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  if (colon < 0) return null
  return {
    method: 'client_secret_basic',
    id: formDecoded(text.slice(0, colon)),
    secret: formDecoded(text.slice(colon + 1)),
  }
}

/** RFC 6749 §2.3.1 has both parts form-encoded before base64. */
const formDecoded = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

const fromBody = (params: URLSearchParams): Presented | null => {
  const id = params.get('client_id')
  const secret = params.get('client_secret')
  return id ? { method: secret === null ? 'none' : 'client_secret_post', id, secret } : null
}
