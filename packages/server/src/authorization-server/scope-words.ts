import type { MemberScope, OAuthScope } from '@grantry/api'

/** Each scope as a sentence that follows "… will be able to". */
const words: Record<OAuthScope | MemberScope, string> = {
  openid: 'know who you are here',
  profile: 'see your name',
  email: 'see your e-mail address',
  offline_access: 'stay connected while you are away',
  'account:read': 'see your account, its plan and its features',
  'connections:read': 'see the accounts you have connected',
  'connections:write': 'connect, refresh and disconnect accounts',
  'tokens:read': 'get access tokens of your connected accounts, and do with them all that they allow',
  'proxy:call': 'call the services behind your connected accounts',
  'mcp:read': 'read through your tools',
  'mcp:write': 'read, change and send through your tools',
  workspace: 'do everything here that you may do, get tokens of connected accounts included',
}

export const scopeInWords = (scope: string): string => words[scope as OAuthScope] ?? scope
