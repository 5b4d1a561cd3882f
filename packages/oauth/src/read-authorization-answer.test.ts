import { describe, expect, test } from 'vitest'
import { readAuthorizationAnswer } from './read-authorization-answer.ts'

const redirectUri = 'https://connect.example.com/api/v1/credentials/auth/callback/gmail'
const read = (status: number, given: { location?: string; body?: string }) =>
  readAuthorizationAnswer({ status, location: given.location ?? null, body: given.body ?? '' }, redirectUri)

describe('the first answer to an authorization request without a browser', () => {
  test('an error at the redirect URI is the provider’s word, and it knows that URI', () => {
    expect(
      read(302, { location: `${redirectUri}?error=invalid_scope&error_description=no%20such&state=x` }),
    ).toEqual({
      is: 'refused',
      at: 'redirect_uri',
      error: 'invalid_scope',
      description: 'no such',
      kind: 'invalid_scope',
    })
  })

  test.each(['login_required', 'interaction_required'])('%s there only misses the person', (error) => {
    expect(read(302, { location: `${redirectUri}?error=${error}` })).toEqual({ is: 'page' })
  })

  test('a sign-in page, by redirect or at once, is neither good nor bad', () => {
    const next = encodeURIComponent(`/authorize?redirect_uri=${redirectUri}&error=redirect_uri_mismatch`)
    expect(read(302, { location: `/login?return_to=${next}` })).toEqual({ is: 'page' })
    expect(read(200, { body: '<h1>Sign in</h1><script>const codes = ["invalid_client"]</script>' })).toEqual({
      is: 'page',
    })
  })

  test('the code that is packed into the address of Google’s error page is found', () => {
    const authError = btoa(
      '\n\x15redirect_uri_mismatch\x12\xb0\x01You can’t sign in to this app'.replaceAll('’', "'"),
    )
    const location = `https://accounts.google.com/signin/oauth/error?authError=${encodeURIComponent(authError)}&client_id=x`
    expect(read(302, { location })).toMatchObject({
      is: 'refused',
      at: 'page',
      kind: 'redirect_uri_mismatch',
    })
  })

  test.each([
    [400, '<h1>Error</h1><code>redirect_uri_mismatch</code>', 'redirect_uri_mismatch'],
    [400, 'AADSTS50011: The reply URL does not match those of the application', 'redirect_uri_mismatch'],
    [200, '<p>AADSTS700016: Application was not found</p><b>unauthorized_client</b>', 'invalid_client'],
    [401, '{"error":"invalid_client","error_description":"unknown"}', 'invalid_client'],
    [400, '{"error":"invalid_request","error_description":"redirect_uri must use https"}', 'https_required'],
    [403, '<p>Error 403: org_internal</p>', 'blocked'],
  ])('%i: %s is a refusal', (status, body, kind) => {
    expect(read(status, { body })).toMatchObject({ is: 'refused', at: 'page', kind })
  })

  test('its words are kept, short and without markup', () => {
    const body = `<h1>Blocked</h1><p>The scope <b>mail.everything</b> is not known (invalid_scope).</p>${'x '.repeat(900)}`
    const reading = read(400, { body })
    expect(reading).toMatchObject({
      description: expect.stringContaining('mail.everything is not known (invalid_scope)'),
    })
  })

  test.each([429, 500, 503])('%i is busy', (status) => {
    expect(read(status, {})).toEqual({ is: 'busy', status })
  })

  test('a refusal without a word that is known says nothing about the request', () => {
    expect(read(403, { body: '<h1>Checking your browser</h1>' })).toEqual({ is: 'unclear', status: 403 })
    expect(read(302, {})).toEqual({ is: 'unclear', status: 302 })
  })
})
