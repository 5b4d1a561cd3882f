import { EgressError, type EgressErrorCode } from '../egress/error.ts'
import { problem } from '../errors.ts'

/** Why a call gave no answer, in the words of the API. What is no fault of a call stays as it is. */
export function callFault(error: unknown): unknown {
  if (!(error instanceof EgressError)) return error
  const [code, detail] = words[error.code] ?? (['provider_unavailable', error.message] as const)
  return problem(code, detail, { cause: error })
}

const words: Partial<
  Record<
    EgressErrorCode,
    readonly [
      (
        | 'malformed_request'
        | 'provider_failed'
        | 'provider_timeout'
        | 'provider_unavailable'
        | 'shutting_down'
        | 'url_refused'
      ),
      string,
    ]
  >
> = {
  egress_bad_request: ['malformed_request', 'The call cannot be sent as it is: its method, headers or body.'],
  egress_bad_url: ['url_refused', "The API's address is not one that is called from here."],
  egress_refused_address: ['url_refused', "The API's address is not one that may be called from here."],
  egress_timeout: ['provider_timeout', 'The provider did not answer in time.'],
  egress_too_large: ['provider_failed', 'The provider answered more than is accepted.'],
  egress_cut: ['provider_failed', 'The provider closed the connection before its answer was complete.'],
  egress_bad_answer: ['provider_failed', 'The provider did not answer in HTTP.'],
  egress_bad_encoding: ['provider_failed', 'The provider answered in an encoding that cannot be read.'],
  egress_closed: ['shutting_down', 'This server is stopping. Send the call again.'],
}
