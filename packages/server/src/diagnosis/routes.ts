import * as api from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { mount } from '../http/mount.ts'
import type { RateLimit } from '../http/rate-limit.ts'
import { readIntegration } from '../integrations/find.ts'
import { diagnose } from './diagnose.ts'
import { diagnoseServer } from './diagnose-server.ts'

export function diagnosisRoutes(app: FastifyInstance, ctx: Context, checks: RateLimit): void {
  mount(app, api.diagnoseIntegration, async ({ principal, params, query }) => {
    const integration = await readIntegration(ctx, principal, params.id)
    const ask = query.ask === 'true'
    if (ask) checks(principal.workspace)
    const findings = await diagnose(ctx, integration, { ask, app: principal.app })
    return {
      data: {
        integration_id: api.encodeId('int', integration.id),
        provider_name: integration.providerName,
        redirect_uri: integration.grantType === 'authorization_code' ? integration.redirectUri : null,
        asked: ask,
        findings,
      },
    }
  })

  mount(app, api.diagnoseServer, async ({ principal }) => {
    const { version, publicUrl, time, database, sandbox, expiresAt, findings } = await diagnoseServer(
      ctx,
      principal,
    )
    return {
      data: {
        version,
        public_url: publicUrl,
        time: new Date(time).toISOString(),
        database,
        sandbox,
        credential: {
          kind: principal.kind as 'api_key' | 'member',
          scopes: [...principal.scopes].sort(),
          app_id: principal.app && api.encodeId('app', principal.app),
          expires_at: expiresAt === null ? null : new Date(expiresAt).toISOString(),
        },
        findings,
      },
    }
  })
}
