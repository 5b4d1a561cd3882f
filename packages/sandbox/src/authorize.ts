import { findAccount } from './accounts.ts'
import type { Answer } from './answer.ts'
import { repeatsParameter, splitScopes } from './body.ts'
import type { Call } from './calls.ts'
import { consentPage, errorPage } from './consent-page.ts'
import { consentKey, issueCode } from './grants.ts'
import type { ProviderTable } from './provider-table.ts'
import { requestFacts } from './refusals.ts'
import { baseOf, type Client, clientKey, type SandboxState } from './state.ts'
import { keepTransaction, takeTransaction } from './transactions.ts'

/** An authorization request (RFC 6749 §4.1.1) becomes the consent page, or an error told to whom it may be told (§4.1.2.1). */
export const answerAuthorize = (
  state: SandboxState,
  table: ProviderTable,
  params: URLSearchParams,
  call: Call,
  place: Record<string, string> = {},
): Answer => {
  const shown = (status: number, error: string, happened: string, todo: string): Answer => {
    call.outcome = `refused:${error}`
    return errorPage(status, error, happened, todo)
  }
  const clientId = params.get('client_id')
  const client = clientId ? state.clients.get(clientKey(table.name, clientId)) : undefined
  call.client_id = client?.client_id ?? null
  if (!client)
    return shown(
      401,
      'invalid_client',
      `${table.display_name} knows no application with this client id.`,
      'Check the client id in the application that sent you here.',
    )
  if (repeatsParameter(params))
    return shown(
      400,
      'invalid_request',
      'The request names a parameter more than once.',
      'Go back and start again.',
    )
  const redirectUri = params.get('redirect_uri')
  if (!redirectUri || !isRegistered(client, redirectUri))
    return shown(
      400,
      'redirect_uri_mismatch',
      `The redirect URI ${redirectUri ?? '(none)'} is not registered for ${client.name}.`,
      'Register exactly this URI for the application, then start again.',
    )
  const tellClient = (query: Record<string, string>): Answer => {
    call.outcome = `refused:${query.error}`
    return redirect(redirectUri, { ...query, ...common(state, table, params) })
  }
  const toClient = (error: string, description: string): Answer =>
    tellClient({ error, error_description: description })
  const responseType = params.get('response_type')
  if (responseType !== 'code' && (responseType !== null || table.authorize.response_type_required))
    return toClient(
      responseType ? 'unsupported_response_type' : 'invalid_request',
      'response_type must be code',
    )
  const lacking = Object.entries(table.authorize.required ?? {}).find(
    ([name, value]) => params.get(name) !== value,
  )
  if (lacking)
    return shown(
      400,
      'invalid_request',
      `The request lacks ${lacking.join('=')}.`,
      `Add it to the authorization URL, then start again.`,
    )
  const challengeFault = pkceFault(table, params)
  if (challengeFault) return toClient('invalid_request', challengeFault)
  const wanted = wantedScopes(table, params)
  const isKnown = (scope: string) => Object.hasOwn(table.scopes, scope)
  const ignoring = table.authorize.invalid_scope === 'ignored'
  const scopes = ignoring ? wanted.filter(isKnown) : wanted
  const unknown = scopes.filter((scope) => !isKnown(scope))
  if (unknown.length > 0 || (wanted.length === 0 && !table.authorize.default_scopes)) {
    const which = unknown.length > 0 ? `Unknown scope: ${unknown.join(', ')}` : 'No scope was asked for'
    return table.authorize.invalid_scope === 'redirect'
      ? tellClient(
          table.authorize.unknown_scope?.(unknown, requestFacts(state, table, client)) ?? {
            error: 'invalid_scope',
            error_description: which,
          },
        )
      : shown(
          400,
          'invalid_scope',
          `${which}.`,
          `Ask for scopes that ${table.display_name} has, then start again.`,
        )
  }
  if (params.get('prompt')?.split(' ').includes('none'))
    return toClient('interaction_required', 'The person has to be asked')
  const transaction = keepTransaction(state, {
    provider: table.name,
    client_id: client.client_id,
    redirect_uri: redirectUri,
    scopes,
    params,
    place,
  })
  call.outcome = 'ok'
  const hint = params.get('login_hint')
  return consentPage(table, client, { transaction, scopes, account: hint ? findAccount(hint) : undefined })
}

/** The person's word, as the consent page's form sends it. */
export const answerConsent = (
  state: SandboxState,
  table: ProviderTable,
  form: URLSearchParams,
  call: Call,
): Answer => {
  const transaction = takeTransaction(state, form.get('transaction') ?? '', table.name)
  if (!transaction) {
    call.outcome = 'refused:transaction'
    return errorPage(
      400,
      'expired',
      'This page was used before, or has been open for too long.',
      'Go back to the application and start again.',
    )
  }
  call.client_id = transaction.client_id
  const { redirect_uri: redirectUri, params } = transaction
  const shared = common(state, table, params)
  const account = findAccount(form.get('account') ?? '')
  const ticked = form.get('scopes_shown') ? form.getAll('scope') : transaction.scopes
  const chosen = transaction.scopes.filter((scope) => ticked.includes(scope))
  const allNone = chosen.length === 0 && transaction.scopes.length > 0
  if (form.get('decision') !== 'allow' || !account || allNone) {
    const denied = table.authorize.denied ?? { error: 'access_denied' }
    call.outcome = `refused:${denied.error}`
    return redirect(redirectUri, { ...denied, ...shared })
  }
  const before = state.grants.consents.get(consentKey(table.name, transaction.client_id, account))
  const earlier =
    table.authorize.incremental && params.get('include_granted_scopes') === 'true'
      ? before?.scopes
      : undefined
  const scopes = [
    ...new Set([
      ...chosen.map((scope) => table.scopes[scope]!.granted_as ?? scope),
      ...(table.authorize.always_scopes ?? []),
      ...(earlier ?? []),
    ]),
  ]
  const challenge = table.authorize.pkce === 'ignored' ? null : params.get('code_challenge')
  const code = issueCode(state, {
    provider: table.name,
    client_id: transaction.client_id,
    account,
    redirect_uri: redirectUri,
    scopes,
    challenge: challenge
      ? { value: challenge, method: params.get('code_challenge_method') ?? 'plain' }
      : null,
    with_refresh_token: table.token.refresh_token_when({
      params,
      before: before?.offline ?? false,
      scopes,
      settings: state.settings.get(table.name)!,
    }),
    nonce: params.get('nonce'),
    place: transaction.place,
  })
  call.outcome = 'ok'
  const query = { code: code.code, ...shared }
  const client = state.clients.get(clientKey(table.name, transaction.client_id))!
  const { place } = transaction
  const now = state.clock.now()
  return redirect(redirectUri, {
    ...query,
    ...table.authorize.callback?.({ scopes, account, params, client, place, now, query }),
  })
}

/** `state` comes back whatever happens; `iss` where the provider sends it (RFC 9207). */
const common = (
  state: SandboxState,
  table: ProviderTable,
  params: URLSearchParams,
): Record<string, string> => {
  const given = params.get('state')
  return {
    ...(given === null ? {} : { state: given }),
    ...(table.authorize.iss ? { iss: baseOf(state, table) } : {}),
  }
}

const redirect = (to: string, query: Record<string, string>): Answer => {
  const url = new URL(to)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return {
    status: 303,
    headers: { location: url.href, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    body: undefined,
  }
}

const isRegistered = (client: Client, uri: string): boolean =>
  client.redirect_uris.some((registered) =>
    registered === 'loopback' ? isLoopback(uri) : registered === uri,
  )

const isLoopback = (text: string): boolean => {
  const uri = URL.parse(text)
  return (
    uri?.protocol === 'http:' &&
    uri.hash === '' &&
    uri.username === '' &&
    (uri.hostname === 'localhost' ||
      uri.hostname.endsWith('.localhost') ||
      uri.hostname === '[::1]' ||
      /^127\.\d+\.\d+\.\d+$/.test(uri.hostname))
  )
}

/** RFC 7636 §4.4.1. */
const pkceFault = (table: ProviderTable, params: URLSearchParams): string | null => {
  const challenge = params.get('code_challenge')
  const method = params.get('code_challenge_method') ?? 'plain'
  if (table.authorize.pkce === 'ignored') return null
  if (challenge === null) return table.authorize.pkce === 'required' ? 'code_challenge is missing' : null
  if (!(table.authorize.pkce_methods ?? ['S256', 'plain']).some((known) => known === method))
    return 'code_challenge_method is not supported'
  return /^[\w.~-]{43,128}$/.test(challenge) ? null : 'code_challenge is malformed'
}

const wantedScopes = (table: ProviderTable, params: URLSearchParams): string[] => {
  const { scope_separators: separators, scope_parameters: more = {} } = table.authorize
  const asked = [
    ...splitScopes(params.get('scope'), separators),
    ...Object.entries(more).flatMap(([name, prefix]) =>
      splitScopes(params.get(name), separators).map((scope) => `${prefix}${scope}`),
    ),
  ]
  return asked.length > 0 ? asked : (table.authorize.default_scopes ?? [])
}
