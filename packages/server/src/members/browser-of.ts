import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import type { Browser } from './open-session.ts'
import { readSession } from './read-session.ts'
import { sessionCookie, writeCookie } from './session-cookie.ts'

type Needs = Pick<Context, 'clock' | 'config' | 'db'>

/** The browser behind a request, for a session that will be opened in it. */
export async function browserOf(ctx: Needs, request: FastifyRequest): Promise<Browser> {
  const replaced = await readSession(ctx, request.headers)
  return {
    address: request.ip,
    userAgent: request.headers['user-agent'] ?? null,
    replaced: replaced && { workspace: replaced.workspace, session: replaced.session },
    requestId: request.id,
  }
}

/** Hands the browser its session, and sends it on to a page of ours. */
export function enter(
  ctx: Needs,
  reply: FastifyReply,
  { secret, maxAge }: { secret: string; maxAge: number },
  next: string,
): FastifyReply {
  return reply
    .header('set-cookie', writeCookie(ctx, sessionCookie(ctx), secret, maxAge))
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .redirect(next, 303)
}
