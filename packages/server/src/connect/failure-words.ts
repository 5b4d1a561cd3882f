/** What happened, and the one thing to do about it: for the person who sees the page. */
export type Words = { what: string; todo: string }

const words: Record<string, (provider: string) => Words> = {
  access_denied: (provider) => ({
    what: `Access to ${provider} was not given.`,
    todo: 'Nothing was connected. If that was a slip, start again and allow access.',
  }),
  redirect_uri_mismatch: (provider) => ({
    what: `${provider} does not know the address that it should send people back to.`,
    todo: 'Whoever runs this must register the redirect URI of the integration at the provider, exactly as it is shown there.',
  }),
  invalid_scope: (provider) => ({
    what: `${provider} does not grant one of the permissions that were asked for.`,
    todo: "Whoever runs this must enable the API and add the permission in the provider's developer console, then start again.",
  }),
  invalid_client: (provider) => ({
    what: `${provider} refused the client id or the client secret.`,
    todo: "Whoever runs this must check both in the provider's developer console and save the integration again.",
  }),
  invalid_grant: (provider) => ({
    what: `${provider} no longer accepted the authorization code.`,
    todo: 'Codes live for a few minutes and work once. Start again and go through without a break.',
  }),
  expired: () => ({
    what: 'It took too long, and the authorization has expired.',
    todo: 'Start again from the page that sent you here.',
  }),
  conflict: () => ({
    what: 'This account cannot be used for this connection.',
    todo: 'Start again and choose the account that was connected before.',
  }),
  temporarily_unavailable: (provider) => ({
    what: `${provider} is busy or down at the moment.`,
    todo: 'Nothing was connected. Try again in a few minutes.',
  }),
}
const sameAs: Record<string, string> = {
  consent_required: 'access_denied',
  user_cancelled_login: 'access_denied',
  unauthorized_client: 'invalid_client',
  server_error: 'temporarily_unavailable',
  egress_timeout: 'temporarily_unavailable',
  egress_unreachable: 'temporarily_unavailable',
  egress_cut: 'temporarily_unavailable',
}

/** Words for an error code of RFC 6749 §4.1.2.1 and §5.2, of a provider, or of ours. */
export function failureInWords(error: string, provider: string): Words {
  const find = words[sameAs[error] ?? error]
  if (find) return find(provider)
  return {
    what: `${provider} did not complete the connection.`,
    todo: 'Nothing was connected. Start again; if it happens again, tell whoever runs this the code below.',
  }
}
