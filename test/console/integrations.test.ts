import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { ForeignServer } from '../conformance/foreign-server.ts'
import { startMockServer } from '../conformance/mock-server.ts'
import { connectAccount } from '../support/connecting.ts'
import { goodPassword, openBrowser } from '../support/members.ts'
import { cookiesOf, moveTo, openScene, type Scene, type Seat, sit, soon } from './console.fixture.ts'

let scene: Scene
let seat: Seat
let mock: ForeignServer
let plain: NonNullable<Scene['grantry']['sandbox']>['generic'][string]

beforeAll(async () => {
  mock = await startMockServer()
  scene = await openScene({ env: { GRANTRY_EGRESS_ALLOW: mock.host } })
  plain = scene.grantry.sandbox!.generic.plain!
  seat = await scene.open('/integrations', { permissions: ['clipboard-read', 'clipboard-write'] })
  seat.page.setDefaultTimeout(10_000)
})
afterAll(async () => {
  await scene?.close()
  await mock?.close()
})
afterEach(() => {
  // The browser complains of each refusal, as it should; of nothing else.
  const complaints = seat.complaints.splice(0)
  expect(complaints.filter((line) => !/status of 4(09|22)/.test(line))).toEqual([])
})

const textbox = (name: string) => seat.page.getByRole('textbox', { name, exact: true })
const button = (name: string | RegExp) => seat.page.getByRole('button', { name, exact: true })
/** Of the form; notices of what went before stay for a while elsewhere. */
const alert = () => seat.page.getByRole('main').getByRole('alert')
const heading = (name: string) => seat.page.getByRole('heading', { level: 1, name, exact: true })
const secret = (label: string) =>
  seat.page.locator(`input[type=password][aria-label="${label}"], label:has-text("${label}") ~ * input`)
const open = (path: string) => moveTo(seat.page, path)
const fill = async (values: Record<string, string>) => {
  for (const [name, value] of Object.entries(values)) await textbox(name).fill(value)
}
const stored = async () => (await scene.grantry.call('GET', '/api/v1/integrations?limit=200')).body.data
/** What the field says is wrong, by the text that stands with it. */
const wrongWith = async (name: string) => {
  const field = textbox(name)
  expect(await field.getAttribute('aria-invalid')).toBe('true')
  const described = (await field.getAttribute('aria-describedby'))!.split(' ')
  return seat.page.evaluate<string>(
    `${JSON.stringify(described)}.map((id) => document.getElementById(id)?.textContent).join(' ')`,
  )
}
const noSecretIn = async (value: string) => {
  expect(await seat.page.content()).not.toContain(value)
  const kept = await seat.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))
  expect(kept).not.toContain(value)
  expect(
    await seat.page
      .locator('input')
      .evaluateAll((all) => all.map((one) => (one as { value?: string }).value)),
  ).not.toContain(value)
}

test('authorization code: the redirect URI is known first, a wrong secret is refused, a right one saved and checked', async () => {
  const before = (await stored()).length
  await button('New integration').click()
  await seat.page.getByRole('menuitem', { name: 'New Generic OAuth 2.0 Integration' }).click()
  await heading('New Generic OAuth 2.0 Integration').waitFor()
  await expect.poll(() => textbox('Redirect URI').inputValue(), soon).toMatch(/\/callback\/int_/)
  const redirectUri = await textbox('Redirect URI').inputValue()
  await button('Copy redirect URI').click()
  expect(await seat.page.evaluate('navigator.clipboard.readText()')).toBe(redirectUri)

  await button('Check and save').click()
  expect(await wrongWith('Label')).toContain('Give it a label.')
  expect(await wrongWith('Authorization URL')).toContain('Give the authorization URL')
  expect(await seat.page.evaluate('document.activeElement.id')).toBe(
    await textbox('Label').getAttribute('id'),
  )

  await fill({
    Label: 'Plain by code',
    'Authorization URL': plain.authorization_url!,
    'Token URL': plain.token_url!,
    'Client ID': plain.client_id,
    Scope: 'read',
  })
  await secret('Client secret').fill('not-the-secret')
  await button('Check and save').click()
  await alert().waitFor()
  expect(await alert().textContent()).toContain('The provider answered invalid_client')
  expect(await stored()).toHaveLength(before)

  await secret('Client secret').fill(plain.client_secret)
  await button('Check and save').click()
  await heading('Plain by code').waitFor()
  await seat.page.getByText('Client ID and secret in the Authorization header').waitFor()
  await noSecretIn(plain.client_secret)
  const [saved] = await stored()
  expect(saved).toMatchObject({ redirect_uri: redirectUri, grant_type: 'authorization_code', scope: 'read' })
  expect(saved.validation.status).toBe('verified')

  await button('Check again').click()
  await seat.page.getByText('The provider takes the credentials.').waitFor()
})

test('client credentials: fields follow the grant type; what cannot be reached is told at its field', async () => {
  await open('/integrations/new?kind=generic')
  await seat.page.getByRole('radio', { name: 'Client credentials' }).check()
  expect(await textbox('Authorization URL').count()).toBe(0)
  expect(await textbox('Redirect URI').count()).toBe(0)
  await fill({
    Label: 'Plain by itself',
    'Token URL': 'https://10.1.2.3/token',
    'Client ID': plain.client_id,
    Scope: 'read',
    'Tenant ID': 'customer-7',
  })
  await secret('Client secret').fill(plain.client_secret)
  await button('Check and save').click()
  await alert().waitFor()
  expect(await wrongWith('Token URL')).toContain('not one that may be called from here')
  await fill({ 'Token URL': plain.token_url! })
  await button('Check and save').click()
  await heading('Plain by itself').waitFor()
  await seat.page.getByText('The provider gave an access token.').waitFor()
  expect((await stored())[0]).toMatchObject({ tenant_id: 'customer-7', redirect_uri: null })
  expect((await stored())[0].connection_id).toMatch(/^con_/)
})

test('refresh token: asked for, refused where it is none, and never seen again', async () => {
  await open('/integrations/new?kind=generic')
  await seat.page.getByRole('radio', { name: 'Refresh token' }).check()
  await fill({ Label: 'Plain by a token', 'Token URL': plain.token_url!, 'Client ID': plain.client_id })
  await secret('Client secret').fill(plain.client_secret)
  await button('Check and save').click()
  await seat.page.getByText('Give the refresh token.').waitFor()
  await secret('Refresh token').fill('nosuch')
  await button('Check and save').click()
  await alert().waitFor()
  expect(await alert().textContent()).toContain('invalid_grant')
  const token = await refreshToken()
  await secret('Refresh token').fill(token)
  await button('Check and save').click()
  await heading('Plain by a token').waitFor()
  await noSecretIn(token)
  expect((await stored())[0]).toMatchObject({
    grant_type: 'refresh_token',
    validation: { status: 'verified' },
  })
})

test('an issuer fills in the endpoints; a service that knows no clients leaves it not verified, and says so', async () => {
  await open('/integrations/new?kind=generic')
  await textbox('Issuer URL').fill(`${mock.issuer}/nothing`)
  await button('Fill in from the issuer').click()
  await alert().waitFor()
  await textbox('Issuer URL').fill(mock.issuer)
  await button('Fill in from the issuer').click()
  await seat.page.getByRole('status').filter({ hasText: 'are filled in below' }).waitFor()
  expect(await textbox('Token URL').inputValue()).toBe(mock.endpoints.token_url)
  expect(await textbox('Authorization URL').inputValue()).toBe(mock.endpoints.authorization_url)
  await fill({ Label: 'By issuer', 'Client ID': 'anyone', Scope: 'openid' })
  await secret('Client secret').fill('anything')
  await button('Check and save').click()
  await heading('By issuer').waitFor()
  const checks = seat.page.getByRole('list', { name: 'Checks' })
  expect(await checks.textContent()).toMatch(/Not known|not an oauth/)
  expect((await stored())[0]).toMatchObject({ issuer: mock.issuer, validation: { status: 'unverified' } })
})

test('it can be saved without asking; the diagnosis then tells what is wrong and what mends it', async () => {
  const client = { client_id: 'elsewhere', client_secret: 'elsewhere-secret' }
  scene.grantry.sandbox!.control.registerClient({
    provider: 'plain',
    ...client,
    redirect_uris: ['https://elsewhere.example/callback'],
  })
  await open('/integrations/new?kind=generic')
  await fill({
    Label: 'Registered elsewhere',
    'Authorization URL': plain.authorization_url!,
    'Token URL': plain.token_url!,
    'Client ID': client.client_id,
    Scope: 'read',
  })
  await secret('Client secret').fill(client.client_secret)
  await seat.page.getByRole('checkbox', { name: 'Check with the provider first' }).uncheck()
  await button('Save without checking').click()
  await heading('Registered elsewhere').waitFor()
  await seat.page.getByText('It was saved without asking the provider.').waitFor()
  await button('Find out what is wrong').click()
  const finding = seat.page
    .getByRole('list', { name: 'Findings' })
    .getByRole('listitem')
    .filter({ hasText: 'Redirect URI Failed' })
  expect(await finding.textContent()).toContain(`register ${(await stored())[0].redirect_uri}`)
})

test('from the catalogue: found, read about, filled in', async () => {
  await open('/integrations/catalogue')
  await seat.page.getByRole('searchbox', { name: 'Search the catalogue' }).fill('pipe')
  const rows = seat.page.getByRole('table', { name: 'Providers' }).getByRole('row')
  await expect.poll(() => rows.count()).toBe(2)
  expect(new URL(seat.page.url()).search).toBe('?search=pipe')
  await seat.page.getByRole('link', { name: 'Pipedrive', exact: true }).click()
  await heading('Pipedrive').waitFor()
  const docs = seat.page.getByRole('link', { name: /documentation/ })
  expect(await docs.getAttribute('rel')).toContain('noreferrer')
  const redirectUri = `${scene.grantry.url}/api/v1/credentials/auth/callback/pipedrive`
  await seat.page.getByText(redirectUri).waitFor()
  await seat.page.getByRole('link', { name: 'Set up Pipedrive' }).click()
  await textbox('Label').fill('Pipedrive of ours')
  await expect.poll(() => textbox('Redirect URI').inputValue(), soon).toBe(redirectUri)
  const box = seat.page.getByRole('group', { name: 'To write' }).getByRole('checkbox').first()
  const before = await textbox('Scope').inputValue()
  await box.check()
  expect(await textbox('Scope').inputValue()).not.toBe(before)
  const { client_id, client_secret } = scene.grantry.sandbox!.clients.pipedrive!
  await fill({ 'Client ID': client_id })
  await secret('Client secret').fill(client_secret)
  await button('Check and save').click()
  await heading('Pipedrive of ours').waitFor()
  expect((await stored())[0]).toMatchObject({ provider: 'pipedrive', redirect_uri: redirectUri })
  expect((await stored())[0].validation.status).toBe('verified')
})

/** One that is there already. */
const addPlain = async (label: string) => {
  const { authorization_url, token_url, client_id, client_secret } = plain
  const body = { label, authorization_url, token_url, client_id, client_secret, scope: 'read' }
  return (await scene.grantry.call('POST', '/api/v1/integrations', body)).body.data
}

test('changing: what is stored stays stored, what moves asks for the secret again', async () => {
  const made = await addPlain('Plain to change')
  await open(`/integrations/${made.id}/edit`)
  await seat.page.getByText('Stored. It cannot be read back.').waitFor()
  await fill({ Label: 'Plain, renamed', 'Tenant ID': 'customer-8', 'Token URL': `${plain.token_url}?v=2` })
  await button('Check and save').click()
  await alert().waitFor()
  await seat.page
    .getByText(/must be given again when token_url changes/)
    .first()
    .waitFor()
  await textbox('Token URL').fill(plain.token_url!)
  await button('Keep the stored one').click()
  await button('Check and save').click()
  await heading('Plain, renamed').waitFor()
  await open(`/integrations/${made.id}/edit`)
  await textbox('Tenant ID').fill('')
  await button('Replace').click()
  await secret('Client secret').fill('wrong-again')
  await button('Check and save').click()
  await alert().waitFor()
  await secret('Client secret').fill(plain.client_secret)
  await button('Check and save').click()
  await heading('Plain, renamed').waitFor()
  const [changed] = (await stored()).filter(({ id }: { id: string }) => id === made.id)
  expect(changed).toMatchObject({ label: 'Plain, renamed', tenant_id: null, has_client_secret: true })
})

test('what may be called: rules and a budget, and back', async () => {
  const made = await addPlain('Plain to restrict')
  const policy = async () =>
    (await scene.grantry.call('GET', `/api/v1/integrations/${made.id}`)).body.data.proxy_policy
  await seat.page.goto(`${scene.grantry.url}/integrations/${made.id}`)
  await button('Change what may be called').click()
  await seat.page.getByRole('radio', { name: 'Only what is listed' }).check()
  await textbox('Paths').fill('deals')
  await button('Save what may be called').click()
  expect(await wrongWith('Paths')).toContain('must begin with /')
  await textbox('Paths').fill('/deals\n/deals/*')
  await seat.page.getByRole('checkbox', { name: /Limit how often/ }).check()
  await textbox('Calls at most').fill('50')
  await button('Save what may be called').click()
  await seat.page.getByText('At most 50 calls in each hour').waitFor()
  expect(await policy()).toEqual({
    allow: [{ methods: ['GET'], paths: ['/deals', '/deals/*'] }],
    budget: { calls: 50, per_seconds: 3600 },
  })
  await button('Undo').click()
  await seat.page.getByText('Everything that the scopes of a connection allow.').waitFor()
  expect(await policy()).toBeNull()
})

test('ending: its name is typed, its connections are ended only where that is said', async () => {
  const made = await addPlain('Plain to end')
  await connectAccount(scene.grantry, { integration: made.id })
  await seat.page.goto(`${scene.grantry.url}/integrations/${made.id}`)
  await button('End integration').click()
  const dialog = seat.page.getByRole('dialog')
  const confirm = dialog.getByRole('button', { name: 'End integration' })
  expect(await confirm.isDisabled()).toBe(true)
  await dialog.getByRole('textbox').fill('Plain to end')
  await confirm.click()
  await dialog.getByRole('alert').waitFor()
  expect(await dialog.getByRole('alert').textContent()).toContain('Connections depend on this integration')
  await dialog.getByRole('checkbox', { name: 'End its connections too (1)' }).check()
  await confirm.click()
  await heading('Integrations').waitFor()
  expect(await stored()).not.toContainEqual(expect.objectContaining({ id: made.id }))
})

test('a viewer reads, and finds no way to change anything', async () => {
  const [made] = await stored()
  const { body } = await scene.grantry.call('POST', '/api/v1/invitations', {
    email: 'vera@example.com',
    role: 'viewer',
  })
  const { url } = scene.grantry
  const vera = openBrowser(scene.grantry)
  await vera.post(body.data.link, { name: 'Vera', password: goodPassword })
  const viewer = await sit(scene.browser, url)
  await viewer.context.addCookies(cookiesOf(vera, url))
  await viewer.page.goto(`${url}/integrations`)
  await viewer.page.getByRole('link', { name: made.label, exact: true }).click()
  await viewer.page.getByRole('heading', { name: 'What may be called' }).waitFor()
  const page = viewer.page.locator('#page')
  expect(await page.getByRole('button', { name: /check|find|edit|end|change|connect an/i }).count()).toBe(0)
  expect(await page.getByRole('link', { name: /edit|connect an/i }).count()).toBe(0)
  for (const path of ['/integrations/new', `/integrations/${made.id}/edit`]) {
    await moveTo(viewer.page, path)
    await viewer.page.getByText(/Your role cannot (add|change) integrations/).waitFor()
    expect(await page.getByRole('textbox').count()).toBe(0)
  }
  await viewer.leave()
})

/** As an earlier authorization gave it. */
async function refreshToken(): Promise<string> {
  const redirect_uri = 'http://localhost:1/callback'
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: plain.client_id,
    redirect_uri,
    scope: 'read offline_access',
    state: 's',
  })
  const back = await scene.grantry.sandbox!.control.consent(`${plain.authorization_url}?${query}`, {
    account: 'ada@example.com',
  })
  const answer = await fetch(plain.token_url!, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: new URL(back).searchParams.get('code')!,
      redirect_uri,
      client_id: plain.client_id,
      client_secret: plain.client_secret,
    }),
  })
  return ((await answer.json()) as { refresh_token: string }).refresh_token
}
