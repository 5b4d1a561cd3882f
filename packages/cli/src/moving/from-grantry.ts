import type { ImportItem } from '@grantry/sdk'
import { type Draft, type Fields, LineFault, objectOf, present, textOf, timeOf } from './draft.ts'
import { keyOfTokens } from './key-of-tokens.ts'

const known = new Set([
  'key',
  'integration',
  'provider',
  'client_id',
  'end_user',
  'app_id',
  'account',
  'status',
  'reason',
  'tokens',
  'scopes',
  'metadata',
  'proxy_policy',
  'created_at',
])

/** A line of `grantry export`, or one written by hand like it. The server judges what stands in the fields. */
export function readGrantry(fields: Fields): Draft {
  const unknown = Object.keys(fields).find((name) => !known.has(name))
  if (unknown !== undefined)
    throw new LineFault(/^[a-z_]{1,30}$/i.test(unknown) ? unknown : '', 'is no field of a connection')
  const tokens = objectOf(fields, 'tokens')
  const item = present({
    end_user: fields.end_user,
    app_id: fields.app_id,
    account: fields.account,
    tokens: present({
      ...tokens,
      expires_at: timeOf(tokens, 'expires_at', 'tokens.expires_at'),
      refresh_token_expires_at: timeOf(tokens, 'refresh_token_expires_at', 'tokens.refresh_token_expires_at'),
    }),
    scopes: fields.scopes,
    metadata: fields.metadata,
    proxy_policy: fields.proxy_policy,
  }) as Draft['item']
  const integration = textOf(fields, 'integration')
  return {
    key: textOf(fields, 'key') ?? keyOfTokens(integration, item as ImportItem),
    integration,
    provider: textOf(fields, 'provider'),
    clientId: textOf(fields, 'client_id'),
    item,
    notes: [],
  }
}
