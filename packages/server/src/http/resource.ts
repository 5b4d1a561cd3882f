import type { FastifyRequest } from 'fastify'
import { ApiError, problem } from '../errors.ts'

/**
 * What the OAuth tokens of a route are for, where that is not the API as a whole (RFC 8707): then its refusals name that
 * resource's own metadata (RFC 9728 §5.1), and the scopes that a token for it needs.
 */
export type RouteResource = {
  /** Below the public URL, with its slash; safe in a header. */
  path(request: FastifyRequest): string
  /** Asked when somebody was refused; empty where there is nothing to name. */
  scopes(request: FastifyRequest): Promise<readonly string[]>
}

/** The resource of a request, as tokens carry it. */
export function identifierOf(request: FastifyRequest, publicUrl: string): string {
  return publicUrl + pathOf(request)
}

/** Where its metadata are: the well-known part goes between host and path (RFC 9728 §3.1). */
export function metadataOf(request: FastifyRequest, publicUrl: string): string {
  return `${publicUrl}/.well-known/oauth-protected-resource${pathOf(request)}`
}

const pathOf = (request: FastifyRequest) => request.routeOptions.config.resource?.path(request) ?? ''

/** A refusal for want of a credential, told with the scopes that one needs. */
export async function nameScopes(error: unknown, request: FastifyRequest): Promise<unknown> {
  const { resource } = request.routeOptions.config
  if (!resource || !(error instanceof ApiError) || error.status !== 401) return error
  const scopes = await resource.scopes(request)
  if (scopes.length === 0) return error
  return problem(error.code, error.message, {
    cause: error,
    members: { ...error.members, scope: scopes.join(' ') },
    ...(error.challenge ? { challenge: error.challenge } : {}),
  })
}
