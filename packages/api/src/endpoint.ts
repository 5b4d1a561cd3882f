import type { z } from 'zod'
import type { OAuthScope, Scope } from './scopes.ts'

/**
 * Who may call: one of the scopes, whatever kind of credential holds it; `any` API key or member;
 * `any_credential` of a workspace, also an end user's or an OAuth client's; `person`: a member who is signed in or an end
 * user, by themselves; `member`: signed in, by cookie; `connect_token` (a connect session's own); `operator` (the deployment's key); `public` (nobody is
 * asked). One entry that fits is enough.
 */
export type Access =
  | Scope
  | OAuthScope
  | 'any'
  | 'any_credential'
  | 'person'
  | 'member'
  | 'connect_token'
  | 'operator'
  | 'public'

type Schema = z.ZodType

/**
 * One route of the contract. The server mounts it, the OpenAPI document and the clients are made from it,
 * so that no request or answer is described twice.
 */
export type Endpoint<
  Params extends Schema = Schema,
  Query extends Schema = Schema,
  Body extends Schema = Schema,
  Response extends Schema = Schema,
> = {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** With Fastify's `:param` placeholders. */
  path: string
  /** What stands before the path. Default `/api/v1`. */
  prefix?: string
  access: readonly Access[]
  summary: string
  description?: string
  tag: string
  /** Status of success. Default 200. */
  status?: number
  /** Headers beside the credential's. */
  headers?: Schema
  params?: Params
  query?: Query
  body?: Body
  response: Response
  /** Kept out of every cache. */
  secret?: boolean
  /** The answer is a stream of bytes of this media type, or of the one of these that its handler names, and no JSON document. */
  streams?: string | readonly string[]
}

export function endpoint<P extends Schema, Q extends Schema, B extends Schema, R extends Schema>(
  definition: Endpoint<P, Q, B, R>,
): Endpoint<P, Q, B, R> {
  return definition
}
