import type { Integration } from '@grantry/sdk/transport'
import type { Values } from './form-values.ts'

/** What can be seen here to be missing; whether the rest is right, the server says. */
export function checkValues(
  values: Values,
  { isGeneric, stored }: { isGeneric: boolean; stored: Integration | null },
): Record<string, string> {
  const errors: Record<string, string> = {}
  const need = (
    name: 'label' | 'token_url' | 'authorization_url' | 'client_id' | 'refresh_token',
    what: string,
  ) => {
    if (values[name].trim() === '') errors[name] = what
  }
  need('label', 'Give it a label.')
  const byCode = values.grant_type === 'authorization_code'
  if (stored) {
    if (byCode) need('authorization_url', 'Give the authorization URL.')
    need('token_url', 'Give the token URL.')
  } else if (isGeneric && values.issuer.trim() === '') {
    if (byCode) need('authorization_url', 'Give the authorization URL, or the issuer URL above.')
    need('token_url', 'Give the token URL, or the issuer URL above.')
  }
  for (const name of [
    'issuer',
    'authorization_url',
    'token_url',
    'revocation_url',
    'api_base_url',
  ] as const) {
    const value = values[name].trim()
    if (value !== '' && !/^(https?:\/\/|\{)\S+$/i.test(value))
      errors[name] = 'Give the whole address, beginning with https://'
  }
  need('client_id', 'Give the client ID.')
  if (values.grant_type === 'refresh_token' && !stored) need('refresh_token', 'Give the refresh token.')
  return errors
}
