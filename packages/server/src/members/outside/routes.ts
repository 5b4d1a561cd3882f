import * as api from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { newestFirst } from '../../db/newest-first.ts'
import { readPage, toList } from '../../http/cursor.ts'
import { mount } from '../../http/mount.ts'
import { refuseHeld } from '../../http/narrowing.ts'
import { readId } from '../store.ts'
import { listIdentities, unlinkIdentity } from './identities.ts'
import { createProvider, deleteProvider, type ProviderFields, updateProvider } from './save.ts'
import { listButtons, loadProvider, presentProvider } from './store.ts'

/** OpenID providers where people sign in, and the accounts there that a member is linked with. */
export function identityProviderRoutes(app: FastifyInstance, ctx: Context): void {
  mount(app, api.createIdentityProvider, async ({ principal, actor, body }) => {
    refuseHeld(principal, 'members')
    const { client_secret = null, ...fields } = body
    const row = await createProvider(ctx, { ...fields, client_secret, workspace: principal.workspace, actor })
    return { data: presentProvider(ctx, row) }
  })

  mount(app, api.listIdentityProviders, async ({ principal, query }) => {
    refuseHeld(principal, 'members')
    const page = readPage(query)
    const rows = ctx.db
      .selectFrom('identity_providers')
      .selectAll()
      .where('workspace_id', '=', principal.workspace)
    return toList(await newestFirst(rows, page).execute(), page, (row) => presentProvider(ctx, row))
  })

  mount(app, api.getIdentityProvider, async ({ principal, params }) => {
    const id = readId(principal, 'idp', params.id, 'identity provider')
    return { data: presentProvider(ctx, await loadProvider(ctx.db, principal.workspace, id)) }
  })

  mount(app, api.updateIdentityProvider, async ({ principal, actor, params, body }) => {
    const id = readId(principal, 'idp', params.id, 'identity provider')
    const changes = Object.fromEntries(
      Object.entries(body).filter(([, value]) => value !== undefined),
    ) as Partial<ProviderFields>
    const row = await updateProvider(ctx, { workspace: principal.workspace, id, actor, changes })
    return { data: presentProvider(ctx, row) }
  })

  mount(app, api.deleteIdentityProvider, async ({ principal, actor, params }) => {
    const id = readId(principal, 'idp', params.id, 'identity provider')
    await deleteProvider(ctx, { workspace: principal.workspace, id, actor })
    return { data: { id: api.encodeId('idp', id), deleted: true as const } }
  })

  mount(app, api.listIdentities, async ({ principal }) => {
    const rows = await listIdentities(ctx, principal.workspace, principal.member!)
    return {
      data: rows.map((row) => ({
        identity_provider: api.encodeId('idp', row.identity_provider_id),
        label: row.label,
        issuer: row.issuer,
        subject: row.subject,
        created_at: new Date(row.created_at).toISOString(),
      })),
    }
  })

  mount(app, api.listAccountProviders, async ({ principal }) => {
    const { workspace, member } = principal
    const linked = new Set(
      (await listIdentities(ctx, workspace, member!)).map((row) => row.identity_provider_id),
    )
    const buttons = await listButtons(ctx, workspace, 'members')
    return {
      data: buttons.map(({ id, label }) => ({
        id: api.encodeId('idp', id),
        label,
        linked: linked.has(id),
      })),
    }
  })

  mount(app, api.deleteIdentity, async ({ principal, actor, params }) => {
    const provider = readId(principal, 'idp', params.identity_provider, 'identity provider')
    await unlinkIdentity(ctx, { workspace: principal.workspace, member: principal.member!, provider, actor })
    return { data: { identity_provider: api.encodeId('idp', provider), deleted: true as const } }
  })
}
