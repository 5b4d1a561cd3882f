import * as api from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { mount } from '../http/mount.ts'
import { readIntegration } from '../integrations/find.ts'
import { createConnectionCounts } from './count-connections.ts'
import { readOverview } from './overview.ts'
import { readRefreshFigures } from './refresh-figures.ts'
import { readUsage } from './usage.ts'
import { refuseNarrowed } from './whole-workspace.ts'

type Needs = Pick<Context, 'callFigures' | 'calls' | 'catalogue' | 'clock' | 'config' | 'db'>

/** What somebody looks at first: figures of a workspace. */
export function overviewRoutes(app: FastifyInstance, ctx: Needs): void {
  const counting = { ...ctx, countConnections: createConnectionCounts(ctx) }

  mount(app, api.getOverview, async ({ principal, query }) => {
    refuseNarrowed(principal)
    return { data: await readOverview(counting, principal.workspace, query.days) }
  })

  mount(app, api.listRefreshFigures, async ({ principal, query }) => {
    refuseNarrowed(principal)
    const wanted = {
      workspace: principal.workspace,
      span: query.bucket,
      since: query.since === undefined ? null : Date.parse(query.since),
      until: query.until === undefined ? null : Date.parse(query.until),
      provider: query.provider,
      integration:
        query.integration && (await readIntegration(ctx, principal, query.integration, 'integration')).id,
    }
    return { data: await readRefreshFigures(ctx, wanted) }
  })

  mount(app, api.getUsage, async ({ principal }) => {
    refuseNarrowed(principal)
    return { data: await readUsage(counting, principal.workspace) }
  })
}
