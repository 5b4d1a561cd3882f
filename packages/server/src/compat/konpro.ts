import { getKonproAccount } from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { mount } from '../http/mount.ts'
import { presentUser, type ReadMember, readAccount } from '../workspaces/account.ts'

/** KonPro's account endpoint, over the same facts as `/api/v1/account`. Ids are bare UUIDs here. */
export function konproRoutes(
  app: FastifyInstance,
  ctx: Pick<Context, 'clock' | 'db'>,
  readMember: ReadMember,
): void {
  mount(app, getKonproAccount, async ({ principal }) => {
    const account = await readAccount(ctx, principal, readMember)
    const { workspace, user } = account
    return {
      experiments: account.experiments,
      features: account.features,
      space: {
        id: workspace.id,
        name: workspace.name,
        role: account.role,
        permissions: [...principal.scopes].sort(),
      },
      user: user && presentUser(account, user),
      plan: {
        tier: workspace.plan,
        quotas: account.quotas,
        expires_at: workspace.planExpiresAt === null ? null : new Date(workspace.planExpiresAt).toISOString(),
      },
    }
  })
}
