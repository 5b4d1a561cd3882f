import type { Migration } from '../migrate.ts'
import { vaultTables } from './0000-vault.ts'
import { heart } from './0001-heart.ts'
import { documented } from './0002-documented.ts'
import { refresh } from './0003-refresh.ts'
import { revokedAccounts } from './0004-revoked-accounts.ts'
import { members } from './0005-members.ts'
import { plans } from './0006-plans.ts'
import { authorizationServer } from './0007-authorization-server.ts'
import { clients } from './0008-clients.ts'
import { browserSession } from './0009-browser-session.ts'
import { sessionPerson } from './0010-session-person.ts'
import { names } from './0011-names.ts'
import { proxyPolicy } from './0012-proxy-policy.ts'
import { imports } from './0013-imports.ts'
import { pages } from './0014-pages.ts'
import { figures } from './0015-figures.ts'
import { search } from './0016-search.ts'
import { webhooks } from './0017-webhooks.ts'
import { vaultItems } from './0018-vault-items.ts'
import { keyRotation } from './0019-key-rotation.ts'
import { sealedReplays } from './0019-sealed-replays.ts'
import { breakGlass } from './0020-break-glass.ts'
import { eventChain } from './0021-event-chain.ts'
import { narrow } from './0022-narrow.ts'
import { restores } from './0023-restores.ts'
import { tokenIndexes } from './0024-token-indexes.ts'

/** In the order in which they are applied. Append only. */
export const migrations: readonly Migration[] = [
  vaultTables,
  heart,
  documented,
  refresh,
  revokedAccounts,
  members,
  plans,
  authorizationServer,
  clients,
  browserSession,
  sessionPerson,
  names,
  proxyPolicy,
  imports,
  pages,
  figures,
  search,
  webhooks,
  vaultItems,
  keyRotation,
  sealedReplays,
  breakGlass,
  eventChain,
  narrow,
  restores,
  tokenIndexes,
]
