import { type FailureKind, failureKind, type RenewalKind } from '@grantry/oauth'
import type { Notice, Words } from '../http/notice.ts'
import type { Stray } from './callback.ts'

/** `provider` and `workspace` by the names that people know them by. */
type Speak = (provider: string, workspace: string) => Words

const words = {
  access_denied: (provider) => ({
    what: `Access to ${provider} was not given.`,
    todo: 'Nothing was connected. If that was a slip, start again and allow access.',
  }),
  not_me: (provider, workspace) => ({
    what: 'Nothing was connected.',
    todo: `You said that this is not you, so ${workspace} got no access. ${provider} may still list it in your account’s settings; remove it there.`,
  }),
  redirect_uri_mismatch: (provider, workspace) => ({
    what: `${provider} does not know the address that it should send people back to.`,
    todo: `Tell ${workspace}: the redirect URI registered at ${provider} must be exactly the one that the integration shows.`,
  }),
  https_required: (provider, workspace) => ({
    what: `${provider} sends people back to https addresses only.`,
    todo: `Tell ${workspace}: its server needs https, and the new redirect URI must be registered at ${provider}.`,
  }),
  invalid_scope: (provider, workspace) => ({
    what: `${provider} does not grant one of the permissions that were asked for.`,
    todo: `Tell ${workspace}: enable the ${provider} API and add the permission in the provider’s developer console.`,
  }),
  api_not_enabled: (provider, workspace) => ({
    what: `The ${provider} API is not enabled for ${workspace}.`,
    todo: `Tell ${workspace}: enable the ${provider} API in the provider’s developer console, wait a few minutes, then start again.`,
  }),
  blocked: (provider, workspace) => ({
    what: `${provider} does not let ${workspace} connect this account.`,
    todo: 'Ask the administrator of your account to allow it, or start again with another account.',
  }),
  invalid_client: (provider, workspace) => ({
    what: `${provider} refused the client id or the client secret.`,
    todo: `Tell ${workspace}: check both in the provider’s developer console, and save the integration again.`,
  }),
  invalid_grant: (provider) => ({
    what: `${provider} no longer accepts the authorization code.`,
    todo: 'Codes live for a few minutes and work once. Start again and go through without a break.',
  }),
  invalid_request: (provider, workspace) => ({
    what: `${provider} and ${workspace} did not understand each other.`,
    todo: `Nothing was connected. Start again; if it happens again, tell ${workspace} the code below.`,
  }),
  expired: () => ({
    what: 'It took too long, and the authorization has expired.',
    todo: 'Nothing was connected. Start again and go through without a break.',
  }),
  conflict: () => ({
    what: 'This account cannot be used for this connection.',
    todo: 'Nothing was changed. The detail below says why; start again with the right account.',
  }),
  already_used: () => ({
    what: 'This step has been done before.',
    todo: 'If the account is not connected yet, start again.',
  }),
  quota_exceeded: (_provider, workspace) => ({
    what: `${workspace} has no room for another connection.`,
    todo: `Nothing was connected. Tell ${workspace}: its plan allows no more; then start again.`,
  }),
  temporarily_unavailable: (provider) => ({
    what: `${provider} is busy or down at the moment.`,
    todo: 'Nothing was connected. Try again in a few minutes.',
  }),
  client_secret_expired: (provider, workspace) => ({
    what: `The client secret of ${workspace} at ${provider} has expired.`,
    todo: `Tell ${workspace}: make a new client secret in the provider’s developer console, and save it in the integration.`,
  }),
  no_refresh_token: (provider, workspace) => ({
    what: `${provider} gave access for a short time only.`,
    todo: `Tell ${workspace}: offline access must be asked for when people connect.`,
  }),
  clock_skew: (provider, workspace) => ({
    what: `${provider} and ${workspace} disagree about the time.`,
    todo: `Tell ${workspace}: the clock of the server must be set right.`,
  }),
  unusable_answer: (provider, workspace) => ({
    what: `${provider} did not answer as an OAuth 2.0 server does.`,
    todo: `Nothing was connected. Try again; if it stays, tell ${workspace} to check the integration’s token URL.`,
  }),
  unreachable_address: (provider, workspace) => ({
    what: `The address of ${provider} cannot be used from here.`,
    todo: `Nothing was connected. Tell ${workspace} to check the URLs of the integration.`,
  }),
} satisfies Record<Exclude<FailureKind, RenewalKind | 'unknown'>, Speak>

/**
 * Words for an error code of RFC 6749 §4.1.2.1 and §5.2, of a provider, or of ours; `not_me` is a person who said so
 * at the confirm page.
 */
export function failureInWords(
  error: string,
  provider: string,
  workspace: string,
  description: string | null = null,
): Words {
  const speak: Speak | undefined = (words as Partial<Record<FailureKind, Speak>>)[
    failureKind(error, description)
  ]
  if (speak) return speak(provider, workspace)
  return {
    what: `${provider} did not complete the connection.`,
    todo: `Nothing was connected. Start again; if it happens again, tell ${workspace} the code below.`,
  }
}

/** For a browser that came back with nothing that belongs to a living session. */
export const strayWords: Record<Stray['why'], Notice> = {
  other_session: {
    status: 403,
    what: 'This began while somebody else was signed in.',
    todo: 'Nothing was connected. Somebody signed in or out in between, or it is another browser: open the link again.',
  },
  no_state: {
    status: 400,
    what: 'This address was opened without an answer from a provider.',
    todo: 'Providers send people back here after they allow access. Start from the page where you wanted to connect.',
  },
  unknown_state: {
    status: 400,
    what: 'This answer does not belong to any connection that was started here.',
    todo: 'Start again from the page where you wanted to connect. If somebody sent you this link, do not use it.',
  },
  replayed: {
    status: 409,
    what: 'This step has been done before.',
    todo: 'If the account is not connected yet, start again from the page where you wanted to connect.',
  },
  expired: {
    status: 410,
    what: 'It took too long, and this attempt has expired.',
    todo: 'Start again from the page where you wanted to connect. You have ten minutes at the provider.',
  },
}

/** For a connect link that leads nowhere any more, by the status of its session. */
export const overWords: Record<'completed' | 'failed' | 'expired' | 'unknown', Notice> = {
  completed: {
    status: 410,
    what: 'This link has been used, and the account is connected.',
    todo: 'You can close this window.',
    good: true,
  },
  failed: {
    status: 410,
    what: 'This attempt to connect has ended.',
    todo: 'Start again from the page where you wanted to connect.',
  },
  expired: {
    status: 410,
    what: 'This link has expired.',
    todo: 'Links work for 30 minutes. Start again from the page where you wanted to connect.',
  },
  unknown: {
    status: 404,
    what: 'This connect link is not one of ours.',
    todo: 'Check that it was copied whole, or ask for a new one.',
  },
}
