import type { FastifyReply, FastifyRequest } from 'fastify'
import { problem } from '../errors.ts'

/** Which pages of other origins may call a route with a credential of their own, and what of the answer they may read. */
export type RouteOrigins = {
  allows(request: FastifyRequest, origin: string): Promise<boolean>
  /** Headers of the answer, separated by commas. */
  exposes: string
}

/**
 * Refuses a page that may not call here, before its credential is looked at: a name that was pointed at this host
 * (DNS rebinding) is another origin still. Programs send no Origin.
 * @throws ApiError foreign_origin
 */
export async function judgeOrigin(
  request: FastifyRequest,
  reply: FastifyReply,
  publicUrl: string,
): Promise<void> {
  const { origins } = request.routeOptions.config
  if (!origins) return
  reply.header('vary', 'origin')
  const { origin } = request.headers
  if (origin === undefined) return
  if (origin !== publicUrl && !(await origins.allows(request, origin)))
    throw problem(
      'foreign_origin',
      'Pages of this origin may not call here. An admin can allow them: PATCH /api/v1/workspace {"allowed_origins": […]}.',
    )
  reply.header('access-control-allow-origin', origin)
  reply.header('access-control-expose-headers', origins.exposes)
}
