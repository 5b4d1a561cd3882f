import type { Adapter, KoaContextWithOIDC, default as Provider } from 'oidc-provider'
import type { Context } from '../context.ts'
import { readSession } from '../members/read-session.ts'
import { routes } from './paths.ts'
import { subjectOf, writeSubject } from './subject.ts'

/**
 * The core remembers by a cookie of its own whom it has seen. Whoever has signed out of Grantry since, or in as somebody
 * else, begins anew.
 */
export function followSignIn(ctx: Context, provider: Provider, sessions: Adapter) {
  const starts: ReadonlySet<string> = new Set([routes.authorization, routes.code_verification])
  const name = provider.cookieName('session')
  return async (koa: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    const resumesDevice = koa.path.startsWith(`${routes.code_verification}/`)
    const id = starts.has(koa.path) || resumesDevice ? koa.cookies.get(name, { signed: true }) : undefined
    const session = id ? await sessions.find(id) : undefined
    // A device's form belongs to the browser that got it; the core would fail over one that has no session.
    if (!session && (resumesDevice || (koa.method === 'POST' && koa.path === routes.code_verification))) {
      koa.redirect(routes.code_verification)
      koa.status = 303
      return
    }
    const account = resumesDevice ? undefined : session?.accountId
    if (account !== undefined) {
      const signedIn = await readSession(ctx, koa.req.headers)
      if (!signedIn || writeSubject(subjectOf(signedIn)) !== account)
        koa.req.headers.cookie = (koa.req.headers.cookie ?? '')
          .split(';')
          .filter((pair) => pair.trim().split('=')[0] !== name)
          .join(';')
    }
    await next()
  }
}
