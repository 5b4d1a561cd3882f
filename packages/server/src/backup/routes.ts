import * as api from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { mount } from '../http/mount.ts'
import { reportRestores } from './report.ts'

const iso = (ms: number) => new Date(ms).toISOString()

/** For the operator; without their key they are not refused but absent. */
export function restoreRoutes(app: FastifyInstance, ctx: Pick<Context, 'config' | 'db'>): void {
  if (!ctx.config.operatorKey) return
  mount(app, api.getRestores, async () => {
    const { restores, connections, workspaces } = await reportRestores(ctx)
    return {
      data: {
        restores: restores.map(({ epoch, restored_at, taken_at }) => ({
          epoch,
          restored_at: iso(restored_at),
          taken_at: taken_at === null ? null : iso(taken_at),
        })),
        connections,
        workspaces: workspaces.map(({ id, ...found }) => ({ id: api.encodeId('ws', id), ...found })),
      },
    }
  })
}
