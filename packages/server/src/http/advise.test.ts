import { expect, test } from 'vitest'
import { advise } from './advise.ts'

test.each([
  ['redirect_uri_mismatch', null, /redirect URI/, /redirect_uri that the integration shows/],
  ['invalid_request', 'AADSTS50011: The redirect URI does not match', /redirect URI/, /Register/],
  ['invalid_scope', null, /scopes/, /Enable the API and add the scope/],
  ['accessNotConfigured', null, /not enabled/, /developer console/],
  [
    'PERMISSION_DENIED',
    'Gmail API has not been used in project 1 before or it is disabled',
    /not enabled/,
    /Enable/,
  ],
  ['refresh_token_missing', null, /no refresh token/, /offline access/],
  ['invalid_grant', 'AADSTS65001: The user or administrator has not consented', /administrator/, /approve/],
  [
    'invalid_client',
    'AADSTS7000222: The provided client secret keys are expired',
    /has expired/,
    /Make a new one/,
  ],
  ['invalid_grant', 'JWT iat claim is in the future', /time of this server/, /NTP/],
  ['invalid_client', null, /refused the client id or the client secret/, /save the integration again/],
  ['egress_refused_address', null, /may not or cannot be called/, /GRANTRY_EGRESS_ALLOW/],
  ['http_503', null, /down, busy/, /by itself/],
  ['breaker_open', null, /several connections in a row/, /last refresh error/],
  ['over_budget', null, /has spent the calls that Gmail takes/, /by itself/],
  ['refresh_in_progress', null, /under way/, /again in a second/],
  ['lease_lost', null, /under way/, /again in a second/],
  ['storage_unavailable', null, /gave new tokens/, /database/],
  ['toString', null, /words of its own/, /documentation/],
])('%s (%s): one sentence, and one thing to do', (code, description, what, todo) => {
  const said = advise(code, description, 'Gmail')
  expect(said.what).toMatch(what)
  expect(said.todo).toMatch(todo)
})
