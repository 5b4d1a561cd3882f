import { expect, test } from 'vitest'
import { speechIn } from '../languages/speech.ts'
import { failureInWords, overNotice, strayNotice } from './failure-words.ts'

const speech = speechIn('en')
const inWords = (error: string) => failureInWords(speech, { error, provider: 'Gmail', workspace: 'Acme' })
const unnamed = inWords('something_new').what

/** The code that the person's failure has, what must be said of it, and what must be said to do. */
const table: [code: string, what: RegExp, todo: RegExp][] = [
  ['redirect_uri_mismatch', /does not know the address/, /redirect URI registered at Gmail must be exactly/],
  ['bad_redirect_uri', /does not know the address/, /redirect URI/],
  ['insecure_redirect_uri', /https addresses only/, /needs https/],
  ['invalid_scope', /permissions/, /enable the Gmail API and add the permission/],
  ['accessNotConfigured', /Gmail API is not enabled for Acme/, /enable the Gmail API in the .*console/],
  ['SERVICE_DISABLED', /Gmail API is not enabled/, /wait a few minutes, then start again/],
  ['access_denied', /Access to Gmail was not given/, /start again and allow access/],
  ['user_denied', /Access to Gmail was not given/, /start again and allow access/],
  ['not_me', /Nothing was connected/, /Acme got no access/],
  ['admin_policy_enforced', /does not let Acme connect this account/, /administrator/],
  [
    'invalid_client',
    /refused the client id or the client secret/,
    /check both .* save the integration again/,
  ],
  ['unauthorized_client', /refused the client id/, /Tell Acme/],
  ['invalid_grant', /no longer accepts the authorization code/, /work once\. Start again/],
  ['expired', /took too long/, /Start again/],
  ['conflict', /cannot be used for this connection/, /start again with the right account/],
  ['already_used', /done before/, /start again/],
  ['server_error', /busy or down/, /Try again in a few minutes/],
  ['too_many_requests', /busy or down/, /Try again in a few minutes/],
  ['http_500', /busy or down/, /Try again in a few minutes/],
  ['http_503', /busy or down/, /Try again in a few minutes/],
  ['egress_timeout', /busy or down/, /Try again in a few minutes/],
  ['egress_unreachable', /busy or down/, /Try again in a few minutes/],
  ['unreadable', /did not answer as an OAuth 2\.0 server/, /check the integration’s token URL/],
  ['http_404', /did not answer as an OAuth 2\.0 server/, /check the integration’s token URL/],
  ['egress_refused_address', /cannot be used from here/, /check the URLs of the integration/],
  ['something_new', /Gmail did not complete the connection/, /tell Acme the code below/],
  ['constructor', /Gmail did not complete the connection/, /tell Acme the code below/],
]

test.each(table)('%s says what happened and what to do', (code, what, todo) => {
  const said = inWords(code)
  expect(said.what).toMatch(what)
  expect(said.todo).toMatch(todo)
  expect(said.what === unnamed).toBe(code === 'something_new' || code === 'constructor')
})

test.each([
  ['unknown_state', 400, /does not belong to any connection/, /Start again/],
  ['replayed', 409, /done before/, /start again/],
  ['expired', 410, /expired/, /Start again/],
  ['no_state', 400, /without an answer/, /Start from the page/],
] as const)('a browser with a stray answer (%s) is told so', (why, status, what, todo) => {
  expect(strayNotice(speech, why)).toEqual({
    status,
    language: 'en',
    what: expect.stringMatching(what),
    todo: expect.stringMatching(todo),
  })
})

test('sentences are short, end, and do not shout', () => {
  const all = [
    ...table.map(([code]) => inWords(code)),
    ...(['other_session', 'no_state', 'unknown_state', 'replayed', 'expired'] as const).map((why) =>
      strayNotice(speech, why),
    ),
    ...(['completed', 'failed', 'expired', 'unknown'] as const).map((status) => overNotice(speech, status)),
  ]
  for (const text of all.flatMap(({ what, todo }) => [what, todo])) {
    expect(text).toMatch(/^[A-Z].*\.$/)
    expect(text).not.toMatch(/!|went wrong|undefined|error occurred/i)
    for (const sentence of text.split(/(?<=[.;:])\s/))
      expect(sentence.split(/\s+/).length, sentence).toBeLessThanOrEqual(20)
  }
})
