/**
 * Every error the HTTP API answers: stable code → status and title. `detail` and `errors` are added where one is thrown.
 * The codes are part of the contract: add, never rename.
 */
export const errorCatalogue = {
  malformed_request: { status: 400, title: 'The request could not be read' },
  duplicate_parameter: { status: 400, title: 'A parameter was given more than once' },
  unauthenticated: { status: 401, title: 'No valid credential was given' },
  insufficient_scope: { status: 403, title: 'The credential does not reach this far' },
  network_not_allowed: { status: 403, title: 'The credential cannot be used from here' },
  foreign_origin: { status: 403, title: 'Pages of this origin may not call here' },
  other_end_user: { status: 403, title: 'This belongs to another end user' },
  return_to_not_allowed: { status: 422, title: 'This return address is not registered' },
  origin_not_allowed: { status: 422, title: 'This origin is not registered' },
  feature_not_in_plan: { status: 403, title: 'The plan of this workspace does not include this' },
  quota_exceeded: { status: 403, title: 'The plan of this workspace allows no more of this' },
  direct_links_not_allowed: { status: 403, title: 'This workspace does not allow direct links' },
  proxy_not_allowed: { status: 403, title: 'The proxy policy of this connection does not allow this' },
  not_found: { status: 404, title: 'No such thing here' },
  ambiguous: { status: 409, title: 'More than one matches' },
  conflict: { status: 409, title: 'Its state does not allow this' },
  already_used: { status: 409, title: 'This code has been used' },
  connection_needs_reauth: { status: 409, title: 'The connection needs to be authorised again' },
  connection_not_ready: { status: 409, title: 'The connection has no token yet' },
  has_connections: { status: 409, title: 'Connections depend on this' },
  expired: { status: 410, title: 'This has expired' },
  too_large: { status: 413, title: 'The request body is too large' },
  unsupported_media_type: { status: 415, title: 'This content type is not understood' },
  invalid_request: { status: 422, title: 'The request is well-formed but not valid' },
  provider_rejected_credentials: { status: 422, title: 'The provider refused these credentials' },
  provider_unusable: { status: 422, title: 'The provider did not answer as an OAuth 2.0 server' },
  url_refused: { status: 422, title: 'This address may not be called from here' },
  api_base_url_missing: { status: 422, title: 'Where the API is has not been said' },
  integration_missing: { status: 422, title: 'The workspace has no integration for this provider' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'An error on our side' },
  secret_unreadable: { status: 500, title: 'A stored secret was changed and is not used' },
  not_implemented: { status: 501, title: 'Not available here' },
  provider_failed: { status: 502, title: 'The provider answered with an error' },
  provider_unavailable: { status: 503, title: 'The provider cannot be reached' },
  storage_unavailable: { status: 503, title: 'The database cannot be written' },
  vault_unavailable: { status: 503, title: 'The vault cannot be reached' },
  overloaded: { status: 503, title: 'Too much is asked at once' },
  shutting_down: { status: 503, title: 'This server is stopping' },
  provider_timeout: { status: 504, title: 'The provider did not answer in time' },
} as const satisfies Record<string, { status: number; title: string }>

export type ErrorCode = keyof typeof errorCatalogue

/** One fault of one field; `path` is dotted (`end_user.id`), empty for the body as a whole. */
export type FieldError = { path: string; message: string }

/** RFC 9457 problem document. */
export type Problem = {
  type: string
  title: string
  status: number
  code: ErrorCode
  detail: string
  errors?: FieldError[]
  request_id: string
}
