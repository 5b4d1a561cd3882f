import { apiBaseUrl, UrlError } from '@grantry/oauth'
import type { Taken } from '../connections/take-token.ts'
import { problem } from '../errors.ts'

/**
 * Where the API of a connection is.
 * @throws ApiError api_base_url_missing
 */
export function apiBaseOf({ connection, integration }: Pick<Taken, 'connection' | 'integration'>): URL {
  let base: string | null
  try {
    base = apiBaseUrl(integration.profile, integration.params, JSON.parse(connection.metadata))
  } catch (error) {
    if (!(error instanceof UrlError)) throw error
    throw problem(
      'api_base_url_missing',
      `The address of this connection's API is not known: ${error.message}.`,
      {
        cause: error,
      },
    )
  }
  const url = base === null ? null : new URL(base)
  if (url === null || url.search !== '' || url.hash !== '')
    throw problem(
      'api_base_url_missing',
      'Where the API of this integration is has not been said: set its api_base_url, without a query.',
    )
  return url
}
