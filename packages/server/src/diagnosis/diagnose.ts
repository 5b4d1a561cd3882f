import type { Context } from '../context.ts'
import { outbound } from '../egress/outbound.ts'
import type { Integration } from '../integrations/store.ts'
import { askAuthorization, scopesToAsk } from './ask-authorization.ts'
import { askToken } from './ask-token.ts'
import { checkAddresses } from './check-addresses.ts'
import { checkApi } from './check-api.ts'
import { checkClient } from './check-client.ts'
import { checkClock } from './check-clock.ts'
import { checkHttps } from './check-https.ts'
import { checkOfflineAccess } from './check-offline-access.ts'
import { checkRedirectUri } from './check-redirect-uri.ts'
import { checkScopes } from './check-scopes.ts'
import { checkConnecting, checkRefreshing } from './check-use.ts'
import type { Finding } from './finding.ts'
import { readHistory } from './history.ts'
import { addressesOf, reachOthers } from './reach.ts'
import type { Seen } from './seen.ts'
import { watch } from './watch.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'db' | 'egress' | 'random' | 'vault'>

const everywhere: ((seen: Seen) => Finding[])[] = [
  checkAddresses,
  checkHttps,
  checkClient,
  checkScopes,
  checkApi,
  checkClock,
  checkRefreshing,
]

/** In the order in which a person connects. */
const withConsent: ((seen: Seen) => Finding[])[] = [
  checkAddresses,
  checkHttps,
  checkClient,
  checkRedirectUri,
  checkScopes,
  checkOfflineAccess,
  checkApi,
  checkClock,
  checkConnecting,
  checkRefreshing,
]

/**
 * Finds out what is wrong with an integration: by what its provider answers without a person, and by what connects and
 * refreshes have shown. Nothing is stored, no grant and no refresh token is used.
 * @param options.ask whether to call the provider
 * @param options.deadlineMs of each call: somebody waits in front of a screen
 * @param options.app the one app whose connections may be looked at; null: all
 * @returns a finding of every check; where something is wrong, the one change that mends it
 */
export async function diagnose(
  ctx: Needs,
  integration: Integration,
  { ask, app, deadlineMs = 5000 }: { ask: boolean; app: string | null; deadlineMs?: number },
): Promise<Finding[]> {
  const byCode = integration.grantType === 'authorization_code'
  const addresses = addressesOf(integration)
  const { fetch, sights } = watch(ctx, outbound(ctx, integration.workspace, deadlineMs))
  const asked = scopesToAsk(ctx.catalogue, integration)
  const canAsk = ask && byCode
  const [history, authorization, client] = await Promise.all([
    readHistory(ctx, integration, { app }),
    canAsk && addresses.has('authorization_url') ? askAuthorization(ctx, fetch, integration, asked) : null,
    canAsk ? askToken(ctx, fetch, integration) : null,
  ])
  if (ask)
    await reachOthers(
      fetch,
      addresses.values(),
      sights.map(({ url }) => url),
    )
  const seen: Seen = {
    integration,
    catalogue: ctx.catalogue,
    addresses,
    asked,
    sights,
    authorization,
    client,
    history,
  }
  return (byCode ? withConsent : everywhere).flatMap((check) => check(seen))
}
