import type { ApiCredential } from '@grantry/oauth'
import { EgressError } from '../egress/error.ts'

/**
 * What of a caller's request is not the provider's to see, or not the caller's to say: what belongs to one hop
 * (RFC 9110 §7.6.1), who the caller is to us, where they come from, which of their
 * traces it is of, and what a browser says of the page.
 */
const dropped = new Set([
  'accept-encoding',
  'authorization',
  'b3',
  'baggage',
  'connection',
  'content-length',
  'cookie',
  'cookie2',
  'dpop',
  'expect',
  'forwarded',
  'host',
  'http2-settings',
  'keep-alive',
  'origin',
  'referer',
  'te',
  'traceparent',
  'tracestate',
  'trailer',
  'transfer-encoding',
  'true-client-ip',
  'upgrade',
  'upgrade-insecure-requests',
  'via',
  'x-api-key',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-real-ip',
])
const droppedFamilies = [
  'sec-',
  'proxy-',
  'x-forwarded-',
  'x-original-',
  'cf-',
  'x-envoy-',
  'x-grantry-',
  'x-b3-',
]

/** These would make one method out of another, past whatever judged the first. */
export const methodOverrides = ['x-http-method', 'x-http-method-override', 'x-method-override']

/** Headers that may go to another origin than the API's when an answer leads there. */
const impersonal = new Set([
  'accept',
  'accept-language',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'range',
  'user-agent',
])

/**
 * The headers of a call: the caller's, less what never passes, and the credential, which nobody overrides.
 * @throws EgressError `egress_bad_request`
 */
export function requestHeaders(caller: Headers, credential: ApiCredential): Headers {
  const headers = new Headers(credential.defaults)
  // Whoever names a header there says that it is for the next hop only.
  const named = new Set((caller.get('connection') ?? '').split(',').map((name) => name.trim().toLowerCase()))
  for (const [name, value] of caller) if (!named.has(name) && passes(name)) headers.set(name, value)
  try {
    for (const [name, value] of Object.entries(credential.headers)) headers.set(name, value)
  } catch {
    // What a connection was given may be no header. The platform's own error quotes it, and so perhaps the token.
    throw new EgressError('egress_bad_request', 'The headers of the connection cannot be sent.', {
      sent: false,
    })
  }
  return headers
}

/** What may be asked of a stranger: nothing that tells whose call it is. */
export function impersonalHeaders(headers: Headers): Headers {
  return new Headers([...headers].filter(([name]) => impersonal.has(name)))
}

function passes(name: string): boolean {
  return !dropped.has(name) && !droppedFamilies.some((family) => name.startsWith(family))
}
