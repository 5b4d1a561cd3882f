import type { Provider } from '@grantry/sdk/transport'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useClient } from '../../session.tsx'
import type { Values } from './form-values.ts'

export const redirectUriKey = ['redirect-uri'] as const

/**
 * The redirect URI that a new integration will have: providers want it before they give a client id. The catalogue's own
 * endpoints have one that is known; for any others one is kept by the server, which the same form goes on using.
 */
export function useRedirectUri(provider: Provider | null, values: Values, begin: Values) {
  const client = useClient()
  const own = provider ? differing(values, begin) : {}
  const [asked] = useDebouncedValue(own && JSON.stringify(own), 600)
  const isNeeded = values.grant_type === 'authorization_code' && asked !== null
  const query = useQuery({
    queryKey: [...redirectUriKey, provider?.provider ?? null, asked],
    enabled: isNeeded,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      client.integrations.reserveRedirectUri(
        { ...(provider ? { provider: provider.provider } : {}), ...JSON.parse(asked!) },
        { signal },
      ),
  })
  if (!isNeeded)
    return { uri: provider?.redirect_uri ?? null, kept: null, error: null, refetch: query.refetch }
  const uri = query.data?.redirect_uri ?? null
  const kept = query.data?.expires_at ? uri : null
  return { uri, kept, error: query.error, refetch: query.refetch }
}

/** What is not as the catalogue has it; null where all is. */
function differing(values: Values, begin: Values) {
  const params = Object.fromEntries(Object.entries(values.params).filter(([, value]) => value.trim() !== ''))
  const changed = {
    ...(Object.keys(params).length > 0 ? { params } : {}),
    ...changedUrl('authorization_url', values, begin),
    ...changedUrl('token_url', values, begin),
  }
  return Object.keys(changed).length > 0 ? changed : null
}

function changedUrl(name: 'authorization_url' | 'token_url', values: Values, begin: Values) {
  const value = values[name].trim()
  return value === begin[name] || !/^https?:\/\/[^\s@#]+$/.test(value) ? {} : { [name]: value }
}
