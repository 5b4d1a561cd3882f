import { type Discovered, discover, ProviderError, UrlError } from '@grantry/oauth'
import type { Context } from '../context.ts'
import { invalid, problem } from '../errors.ts'
import { EgressError } from './error.ts'
import { outbound } from './outbound.ts'

/**
 * What the issuer says about itself (OIDC Discovery, RFC 8414), reduced to the profile that is kept.
 * @throws ApiError provider_unusable, url_refused
 */
export async function discoverIssuer(
  ctx: Pick<Context, 'egress'>,
  workspace: string,
  issuer: string,
): Promise<Discovered> {
  try {
    return await discover(outbound(ctx, workspace), issuer)
  } catch (error) {
    if (error instanceof UrlError) throw invalid('issuer', error.message)
    if (!(error instanceof ProviderError)) throw error
    if (error.cause instanceof EgressError) refuseUrl('issuer', error.cause)
    throw problem('provider_unusable', `The issuer gave no usable metadata: ${error.message}.`, {
      errors: [{ path: 'issuer', message: error.message }],
      cause: error,
    })
  }
}

/** A field's URL may not be called. */
export function refuseUrl(path: string, error: EgressError): never {
  throw problem('url_refused', `${path}: ${error.message}`, {
    errors: [{ path, message: error.message }],
    cause: error,
  })
}
