import type { KoaContextWithOIDC, default as Provider } from 'oidc-provider'
import type { Context } from '../context.ts'
import { findAccessToken } from './authenticate-access-token.ts'
import { describeServer } from './metadata.ts'
import { routes } from './paths.ts'

/** Adds to the core's answers what we do beside it. */
export function completeAnswers(provider: Provider, ctx: Context): void {
  provider.use(async (koa: KoaContextWithOIDC, next: () => Promise<void>) => {
    await next()
    if (koa.path.startsWith('/.well-known/') && koa.status === 200)
      koa.body = describeServer(ctx, koa.body as Record<string, unknown>)
    if (koa.path === routes.introspection && koa.status === 200)
      koa.body = await introspect(ctx, koa.body as { active?: boolean }, koa.oidc.params?.token)
    // RFC 7009 §2.2 says nothing of a body, and some clients read each answer as JSON.
    if (koa.path === routes.revocation && koa.status === 200) koa.body = {}
  })
}

/** What a token opens now, as the API judges it: within the member's role of today, and while they are there. */
async function introspect(ctx: Context, body: { active?: boolean }, token: unknown): Promise<object> {
  if (!body.active || typeof token !== 'string' || !token.startsWith('gat_')) return body
  const live = await findAccessToken(ctx, token)
  return live ? { ...body, scope: live.scopes.join(' ') } : { active: false }
}
