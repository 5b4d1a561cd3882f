import { type Fetch, fillUrl, resolveParams, UrlError } from '@grantry/oauth'
import { EgressError } from '../egress/error.ts'
import type { Integration } from '../integrations/store.ts'

/** The fields of an integration that hold addresses. */
export type Field = 'authorization_url' | 'token_url' | 'revocation_url' | 'api_base_url' | 'issuer'

/** An integration's addresses, filled in as far as that can be done without a connection. */
export function addressesOf({ profile, params, grantType }: Integration): Map<Field, string> {
  const values = resolveParams(profile, params)
  const given: [Field, string | undefined][] = [
    ['authorization_url', grantType === 'authorization_code' ? profile.authorization_url : undefined],
    ['token_url', profile.token_url],
    ['revocation_url', profile.revocation?.url],
    ['api_base_url', profile.api?.base_url],
    ['issuer', profile.issuer],
  ]
  const addresses = new Map<Field, string>()
  for (const [field, template] of given) {
    if (!template) continue
    try {
      addresses.set(field, fillUrl(template, values, profile.origins))
    } catch (error) {
      if (!(error instanceof UrlError)) throw error
      // What lacks a value becomes known when somebody connects; plain http is to be told.
      if (error.code === 'url_invalid' && URL.canParse(template)) addresses.set(field, template)
    }
  }
  return addresses
}

/** Calls what has not been called yet, one address of each origin, without any credential: whatever is answered, somebody is there. */
export async function reachOthers(
  fetch: Fetch,
  addresses: Iterable<string>,
  called: string[],
): Promise<void> {
  const known = new Set(called.map((url) => new URL(url).origin))
  const others = [...addresses].filter((url) => {
    const { origin } = new URL(url)
    if (known.has(origin)) return false
    known.add(origin)
    return true
  })
  await Promise.all(
    others.map(async (url) => {
      try {
        const response = await fetch(url, { method: 'GET', redirect: 'manual' })
        await response.body?.cancel()
      } catch (error) {
        if (!(error instanceof EgressError)) throw error
      }
    }),
  )
}
