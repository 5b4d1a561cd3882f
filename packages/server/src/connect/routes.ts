import * as api from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import { presentConnection, reaches, whose } from '../connections/store.ts'
import type { Context } from '../context.ts'
import { notFound } from '../errors.ts'
import { mount } from '../http/mount.ts'
import type { Principal } from '../http/principal.ts'
import { loadIntegration } from '../integrations/store.ts'
import { createSession } from './create-session.ts'
import { finishSession } from './finish.ts'
import { loadSession, presentSession, type Session } from './store.ts'

export function connectRoutes(app: FastifyInstance, ctx: Context): void {
  mount(app, api.createConnectSession, async ({ principal, actor, body }) => {
    const { session, choices, startToken, connectToken, authorizationUrl } = await createSession(
      ctx,
      principal,
      actor,
      body,
    )
    return {
      data: {
        id: api.encodeId('cs', session.id),
        connect_url: `${ctx.config.publicUrl}/connect/${startToken}`,
        start_token: startToken,
        authorization_url: authorizationUrl,
        connect_token: connectToken,
        expires_at: new Date(session.expires_at).toISOString(),
        provider_name: choices.length === 1 ? choices[0].providerName : null,
      },
    }
  })

  mount(app, api.getConnectSession, async ({ principal, params }) => {
    const session = await read(principal, params.id)
    const chosen = session.chosen
      ? await loadIntegration(ctx, session.workspace_id, session.integration_id)
      : null
    return { data: presentSession(ctx, session, chosen?.providerName ?? null) }
  })

  mount(app, api.finishConnectSession, async ({ principal, actor, params, body }) => {
    const session = await read(principal, params.id)
    const connection = await finishSession(ctx, session, {
      principal,
      actor,
      code: body.code,
      endUser:
        principal.kind === 'end_user' ? whose(principal, body.end_user_id, 'end_user_id') : body.end_user_id,
    })
    return { data: presentConnection(ctx, connection) }
  })

  async function read(principal: Principal, text: string): Promise<Session> {
    const id = api.decodeId('cs', text)
    if (!id || (principal.kind === 'connect_session' && principal.id !== id))
      throw notFound('connect session')
    const session = await loadSession(ctx, principal.workspace, id)
    if (principal.kind !== 'connect_session' && !reaches(principal, standsFor(session)))
      throw notFound('connect session')
    return session
  }
}

/** A session is in reach where the connection is that it renews or has made. */
const standsFor = ({ reconnect_id, connection_id, app_id, end_user_id }: Session) => ({
  id: reconnect_id ?? connection_id ?? '',
  app_id,
  end_user_id,
})
