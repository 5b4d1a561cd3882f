/**
 * Why an outbound call gave no (complete) answer.
 * - `egress_bad_url`: not a URL we would call at all (scheme, userinfo, host form).
 * - `egress_bad_request`: a method, header or body that cannot be sent.
 * - `egress_refused_address`: the host is, or resolves to, an address that this workspace may not reach.
 * - `egress_unresolvable`: the host has no address.
 * - `egress_unreachable`: no connection to any of its addresses.
 * - `egress_tls`: the TLS handshake failed, or the certificate is not good for that host.
 * - `egress_timeout`: the deadline passed.
 * - `egress_too_large`: the answer's headers or its decoded body passed their limit.
 * - `egress_cut`: the peer closed the connection before the answer was complete.
 * - `egress_bad_answer`: what came back is not HTTP/1.1.
 * - `egress_bad_encoding`: a content encoding that is unknown, stacked too deep, or broken.
 * - `egress_aborted`: the caller's own signal.
 * - `egress_closed`: this egress has been closed.
 */
export type EgressErrorCode =
  | 'egress_bad_url'
  | 'egress_bad_request'
  | 'egress_refused_address'
  | 'egress_unresolvable'
  | 'egress_unreachable'
  | 'egress_tls'
  | 'egress_timeout'
  | 'egress_too_large'
  | 'egress_cut'
  | 'egress_bad_answer'
  | 'egress_bad_encoding'
  | 'egress_aborted'
  | 'egress_closed'

/**
 * A guarded call failed. `message` may be shown to the tenant: it says nothing of addresses that the tenant did not
 * write. `cause` is for the log only.
 */
export class EgressError extends Error {
  override readonly name = 'EgressError'
  readonly code: EgressErrorCode
  /**
   * False only when it is certain that no byte of the request reached the peer: refused, unresolved, not connected,
   * handshake failed, or given up while waiting for a socket. After `true` a one-use token may have been spent.
   */
  readonly sent: boolean

  constructor(code: EgressErrorCode, message: string, options: { sent: boolean; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.sent = options.sent
  }
}
