import * as api from '@grantry/api'
import type { Provider } from '@grantry/providers'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { invalid, problem } from '../errors.ts'
import { mount } from '../http/mount.ts'
import type { Principal } from '../http/principal.ts'
import { countByProvider } from './list.ts'
import { hintsOf } from './provider-hints.ts'

export function providerRoutes(app: FastifyInstance, ctx: Context): void {
  mount(app, api.listProviders, async ({ principal, query }) => {
    const after = query.cursor === undefined ? '' : Buffer.from(query.cursor, 'base64url').toString()
    if (after && !ctx.catalogue.has(after)) throw invalid('cursor', 'is not a cursor of this list')
    const wanted = query.search?.toLowerCase() ?? ''
    const found = [...ctx.catalogue.entries()]
      .filter(
        ([name, entry]) =>
          name > after && `${name} ${entry.display_name} ${entry.category}`.toLowerCase().includes(wanted),
      )
      .filter(([, entry]) => !query.category || entry.category === query.category)
      .sort(([a], [b]) => (a < b ? -1 : 1))
    const shown = found.slice(0, query.limit)
    const last = found.length > shown.length ? shown.at(-1) : undefined
    return {
      data: await presentAll(principal, shown),
      next_cursor: last ? Buffer.from(last[0]).toString('base64url') : null,
    }
  })

  mount(app, api.getProvider, async ({ principal, params }) => {
    const entry = ctx.catalogue.get(params.provider)
    if (!entry) throw problem('not_found', `The catalogue has no provider "${params.provider}".`)
    const [data] = await presentAll(principal, [[params.provider, entry]])
    return { data: data! }
  })

  async function presentAll(principal: Principal, entries: [string, Provider][]) {
    const counts = principal.scopes.has('integrations:read') ? await countByProvider(ctx, principal) : null
    return entries.map(([name, entry]) => ({
      ...present(name, entry),
      integrations: counts && (counts.get(name) ?? 0),
    }))
  }

  function present(name: string, entry: Provider) {
    const { authorize, callback, token, token_response, refresh } = entry
    const tools = entry.tools ?? []
    return {
      provider: name,
      name: entry.display_name,
      category: entry.category,
      docs_url: entry.docs_url,
      grant_types: [...entry.grant_types],
      authorization_url: entry.authorization_url,
      token_url: entry.token_url,
      revocation_url: entry.revocation?.url ?? null,
      api_base_url: entry.api?.base_url ?? null,
      redirect_uri: `${ctx.config.publicUrl}/api/v1/credentials/auth/callback/${name}`,
      register_url: entry.register_url ?? null,
      notes: entry.notes ?? null,
      params: Object.entries(entry.params ?? {}).map(([param, asked]) => ({
        name: param,
        label: asked.label,
        description: asked.description ?? null,
        example: asked.example ?? null,
        default: asked.default ?? null,
      })),
      scopes: { ...entry.scopes, always: entry.scopes.always ?? [] },
      hints: hintsOf(entry),
      quirks: JSON.parse(JSON.stringify({ authorize, callback, token, token_response, refresh })) as Record<
        string,
        unknown
      >,
      has_tools: tools.length > 0,
      tools: {
        read: tools.filter(({ access }) => access === 'read').length,
        write: tools.filter(({ access }) => access === 'write').length,
      },
    }
  }
}
