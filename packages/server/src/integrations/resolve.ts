import { encodeId } from '@grantry/api'
import { type Discovered, discover, ProviderError, UrlError } from '@grantry/oauth'
import type { Context } from '../context.ts'
import { EgressError } from '../egress/error.ts'
import { invalid, problem } from '../errors.ts'
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

/** Asks whether each of these may be called; `{placeholders}` are judged when they are filled, at every call. */
export async function checkUrls(
  ctx: Pick<Context, 'egress'>,
  workspace: string,
  urls: Record<string, string | null | undefined>,
): Promise<void> {
  for (const [path, url] of Object.entries(urls)) {
    if (!url || url.includes('{')) continue
    try {
      await ctx.egress.check(encodeId('ws', workspace), url)
    } catch (error) {
      if (error instanceof EgressError) refuseUrl(path, error)
      throw error
    }
  }
}

function refuseUrl(path: string, error: EgressError): never {
  throw problem('url_refused', `${path}: ${error.message}`, {
    errors: [{ path, message: error.message }],
    cause: error,
  })
}
