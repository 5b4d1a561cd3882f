import { startTestGrantry, type TestGrantry, type TestOptions } from '../../../../test/support/grantry.ts'
import {
  addPlainIntegration,
  importTokens,
  type Minted,
  mintTokens,
} from '../../../../test/support/importing.ts'
import { startUpstream, type Upstream } from './upstream.fixture.ts'

/** A server, an API on loopback with a connection to it, and another host that it may be led to. */
export type Proxied = Awaited<ReturnType<typeof startProxied>>

export async function startProxied({ world, ...options }: TestOptions = {}) {
  const upstream = await startUpstream()
  const stranger = await startUpstream()
  const grantry = await startTestGrantry({
    ...options,
    env: {
      GRANTRY_EGRESS_ALLOW: `localhost:${upstream.port},localhost:${stranger.port}`,
      ...options.env,
    },
    world: { background: false, ...world },
    providers: {
      'by-query': provider(upstream, { in: 'query', name: 'api_token' }),
      'by-header': provider(upstream, { in: 'header', name: 'x-access', prefix: 'Token ' }),
    },
  })
  const integration = (await addPlainIntegration(grantry, { api_base_url: `${upstream.origin}/base/v1` }))
    .id as string

  return {
    grantry,
    upstream,
    stranger,
    integration,
    /** A connection of the sandbox's app to this API, with a refresh token; and its tokens. */
    async connectPlain(fields: Record<string, unknown> = {}): Promise<{ id: string; tokens: Minted }> {
      const tokens = await mintTokens(grantry)
      return { id: (await importTokens(grantry, integration, tokens, fields)).id, tokens }
    },
    /** A connection of one of the entries above. */
    async connect(name: 'by-query' | 'by-header', fields: Record<string, unknown> = {}): Promise<string> {
      const { body } = await grantry.call('POST', '/api/v1/integrations', {
        label: name,
        provider: name,
        client_id: 'x',
        client_secret: 'x',
        validate: false,
        ...fields,
      })
      const tokens = { access_token: `the-token-of-${name}` }
      const imported = await importTokens(grantry, body.data.id, tokens, {
        end_user: { id: name },
        metadata: { site: 's 1' },
      })
      return imported.id
    },
    proxied: (id: string, method: string, path: string, body?: unknown, options = {}) =>
      grantry.call(method, `/api/v1/proxy/${id}${path}`, body, options),
    forget() {
      upstream.reached.length = 0
      stranger.reached.length = 0
    },
    async close() {
      await grantry.close()
      await Promise.all([upstream.close(), stranger.close()])
    },
  }
}

/** What the connection's events of calls say, oldest first. */
export async function callsOf(grantry: TestGrantry, id: string): Promise<Record<string, unknown>[]> {
  const { body } = await grantry.call('GET', `/api/v1/events?connection=${id}&type=proxy.called`)
  return body.data.map(({ data }: { data: Record<string, unknown> }) => data).reverse()
}

function provider({ origin }: Upstream, auth: object) {
  return {
    display_name: 'An API',
    category: 'other',
    grant_types: ['authorization_code'],
    provenance: [],
    docs_url: 'https://api.example/docs',
    authorization_url: `${origin}/authorize`,
    token_url: `${origin}/token`,
    scopes: { read: [], write: [] },
    api: {
      base_url: `${origin}/api`,
      auth,
      headers: { 'x-version': '7', 'x-site': '{site}', 'x-unknown': '{nothing}' },
    },
  }
}
