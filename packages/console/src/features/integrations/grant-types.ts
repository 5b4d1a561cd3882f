import type { Integration } from '@grantry/sdk/transport'

export type GrantType = Integration['grant_type']

/** The three ways to tokens, in the words of the page. */
export const grantTypes: Record<GrantType, { label: string; sentence: string }> = {
  authorization_code: {
    label: 'Authorization code',
    sentence: 'A person signs in at the provider, agrees, and is sent back here. Each gives a connection.',
  },
  client_credentials: {
    label: 'Client credentials',
    sentence: 'Server to server: the client itself gets tokens, nobody has to agree.',
  },
  refresh_token: {
    label: 'Refresh token',
    sentence: 'You bring a refresh token that an earlier authorization gave.',
  },
}

export const everyGrantType = Object.keys(grantTypes) as GrantType[]

export const isGrantType = (value: string): value is GrantType => value in grantTypes

/** How the client proves itself at the token endpoint. */
export const authMethods: Record<Integration['token_auth_method'], string> = {
  auto: 'Find out when it is checked',
  client_secret_basic: 'Secret in the Authorization header (Basic)',
  client_secret_post: 'Secret in the body of the request',
  none: 'No secret (public client)',
}
