import { type FailureKind, failureKind } from '@grantry/oauth'

/** One sentence of what happened, and the one thing that whoever runs the integration can do about it. */
export type Advice = { what: string; todo: string }

const advice: Record<FailureKind, (provider: string) => Advice> = {
  access_denied: (provider) => ({
    what: `Access at ${provider} was not given.`,
    todo: 'Ask the person to connect again and to allow access.',
  }),
  not_me: () => ({
    what: 'The person at the confirm page was not the end user.',
    todo: 'Make a new connect session, and give its link to that end user only.',
  }),
  redirect_uri_mismatch: (provider) => ({
    what: `${provider} does not know the redirect URI.`,
    todo: 'Register the redirect_uri that the integration shows at the provider, character by character.',
  }),
  https_required: (provider) => ({
    what: `${provider} takes no redirect URI without https.`,
    todo: 'Put the server behind https, set GRANTRY_PUBLIC_URL to that address, and register the new redirect_uri.',
  }),
  invalid_scope: (provider) => ({
    what: `${provider} does not grant one of the scopes.`,
    todo: "Enable the API and add the scope in the provider's developer console, or ask for less.",
  }),
  api_not_enabled: (provider) => ({
    what: `The API of ${provider} is not enabled for this client.`,
    todo: "Enable it in the provider's developer console and wait a few minutes.",
  }),
  blocked: (provider) => ({
    what: `An administrator has not allowed this client at ${provider}.`,
    todo: 'Ask the administrator of the account to approve the client.',
  }),
  invalid_client: (provider) => ({
    what: `${provider} refused the client id or the client secret.`,
    todo: "Compare both with the provider's developer console and save the integration again.",
  }),
  client_secret_expired: (provider) => ({
    what: `The client secret at ${provider} has expired.`,
    todo: "Make a new one in the provider's developer console and save it in the integration.",
  }),
  clock_skew: (provider) => ({
    what: `${provider} finds the time of this server wrong.`,
    todo: 'Set the clock of this server, by NTP.',
  }),
  invalid_grant: (provider) => ({
    what: `The grant at ${provider} has ended.`,
    todo: 'Send the end user a link to connect this account again.',
  }),
  replaced_since_backup: (provider) => ({
    what: `Grantry was restored from a backup, and ${provider} has replaced or ended this connection's refresh token since that was taken.`,
    todo: 'Send the end user a link to connect this account again.',
  }),
  no_refresh_token: (provider) => ({
    what: `${provider} gave no refresh token, so the access ended with the token.`,
    todo: 'Ask for offline access (a scope such as offline_access, or access_type=offline), then have the end user connect again.',
  }),
  invalid_request: (provider) => ({
    what: `${provider} did not understand the request.`,
    todo: "Check the integration's endpoints, extra parameters and way of authenticating.",
  }),
  expired: () => ({ what: 'It took too long.', todo: 'Start a new connect session.' }),
  conflict: () => ({
    what: 'Another account was chosen than the one that was connected before.',
    todo: 'Connect again with the same account, or make a new connection for the other one.',
  }),
  already_used: () => ({ what: 'This step has been done before.', todo: 'Start a new connect session.' }),
  quota_exceeded: () => ({
    what: 'The plan of this workspace allows no more connections.',
    todo: 'End connections that are not needed, or raise the quota; then have the person connect again.',
  }),
  temporarily_unavailable: (provider) => ({
    what: `${provider} is down, busy, or does not answer.`,
    todo: 'Nothing needs doing: it is tried again by itself.',
  }),
  unusable_answer: (provider) => ({
    what: `${provider} did not answer as an OAuth 2.0 server does.`,
    todo: "Check the integration's token URL.",
  }),
  unreachable_address: (provider) => ({
    what: `The address of ${provider} may not or cannot be called from here.`,
    todo: "Check the integration's URLs; a private address needs GRANTRY_EGRESS_ALLOW.",
  }),
  held_back: (provider) => ({
    what: `Refreshes of this integration wait: at ${provider} they failed for several connections in a row.`,
    todo: "Read the last refresh error of the integration's connections: that is what to mend. One of them is tried every 30 seconds, and the first success lets all go on.",
  }),
  over_budget: (provider) => ({
    what: `This integration has spent the calls that ${provider} takes in this time.`,
    todo: 'Nothing needs doing: it goes on by itself as calls become free.',
  }),
  in_progress: () => ({
    what: 'A refresh of this connection is under way and has not ended yet.',
    todo: 'Try again in a second.',
  }),
  not_stored: (provider) => ({
    what: `${provider} gave new tokens, and the database did not take them; they are kept until it does.`,
    todo: 'See to the database: they are used as soon as it answers.',
  }),
  unknown: (provider) => ({
    what: `${provider} refused, in words of its own.`,
    todo: "Look the code up in the provider's documentation.",
  }),
}

/** @param provider what people call the service */
export function advise(error: string, description: string | null, provider: string): Advice {
  return advice[failureKind(error, description)](provider)
}
