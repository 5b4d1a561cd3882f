import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { findPerson } from './find-person.ts'
import { type Subject, writeSubject } from './subject.ts'

/**
 * Who the person behind an access token is (OpenID Connect Core §5.3). Ours and not the core's, which would want tokens
 * that are for nothing else; here one token does for the API and for this.
 */
export function userinfoRoutes(app: FastifyInstance, ctx: Context): void {
  const answer = async ({ principal }: FastifyRequest): Promise<Record<string, string>> => {
    const { workspace, member, endUser } = principal
    const subject: Subject | null =
      endUser !== null
        ? { workspace, kind: 'end_user', endUser }
        : member !== null
          ? { workspace, kind: 'member', member }
          : null
    const person = subject && (await findPerson(ctx, subject))
    if (!subject || !person) return {}
    const { email, name } = person
    return {
      sub: writeSubject(subject),
      ...(principal.scopes.has('email') && email !== null ? { email } : {}),
      ...(principal.scopes.has('profile') && name !== null ? { name } : {}),
    }
  }
  for (const method of ['GET', 'POST'] as const)
    app.route({
      method,
      url: '/oauth/userinfo',
      config: { access: ['openid'] },
      schema: { hide: true },
      handler: async (request, reply) => {
        reply.header('cache-control', 'no-store')
        return answer(request)
      },
    })
}
