import { decodeId } from '../../packages/api/src/ids.ts'
import { insertGrant } from '../../packages/server/src/authorization-server/records.fixture.ts'
import { addSandboxIntegration, connectAccount } from '../support/connecting.ts'
import type { TestGrantry } from '../support/grantry.ts'
import { goodPassword, openBrowser, type TestBrowser } from '../support/members.ts'
import type { Shown } from './addresses.fixture.ts'

/** What somebody calls a thing, as badly as the API lets them: as long as it may be, and markup that would run. */
export const nameOf = (what: string): string =>
  `${what} <img src=x onerror=alert(1)> ${'Interdepartmental'.repeat(7)}`.slice(0, 120)

export type Furnished = Shown & { viewer: TestBrowser; secrets: string[] }

/** Puts one of everything into the first workspace, each by the worst name that it may have. */
export async function furnishConsole(grantry: TestGrantry): Promise<Furnished> {
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await grantry.call(method, `/api/v1${path}`, body)
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`)
    return answer.body?.data
  }
  const workspace = await call('PATCH', '/workspace', {
    name: nameOf('Workspace'),
    allowed_origins: [`https://${'long-subdomain.'.repeat(8)}acme.example`],
    return_urls: [`https://acme.example/${'settings/'.repeat(12)}connected`],
  })
  const app = await call('POST', '/apps', { name: nameOf('App') })
  await addSandboxIntegration(grantry, 'gmail', { label: nameOf('Gmail') })
  const integration = await call('POST', '/integrations', {
    label: nameOf('Generic'),
    grant_type: 'authorization_code',
    authorization_url: `${grantry.sandbox!.url}/gmail/${'authorize/'.repeat(15)}`,
    token_url: `${grantry.sandbox!.url}/gmail/${'token/'.repeat(20)}`,
    api_base_url: grantry.sandbox!.url,
    client_id: `client-${'x'.repeat(120)}`,
    client_secret: 'generic-secret-canary',
    scope: `read write ${'long.scope.'.repeat(12)}all`,
    validate: false,
    app_id: app.id,
  })

  const connect = (who: string, account: string) =>
    connectAccount(
      grantry,
      {
        provider: 'gmail',
        end_user: {
          id: nameOf(who),
          email: `${'a-very-long-name-'.repeat(3)}${who}@${'subdomain.'.repeat(8)}example.com`,
          display_name: nameOf(`${who} shown`),
        },
      },
      account,
    )
  const active = await connect('ada', 'ada@example.com')
  const needsReauth = await connect('grace', 'grace@example.com')
  const revoked = await connect('linus', 'linus@example.com')
  grantry.sandbox!.control.revokeGrant({ provider: 'gmail', account: 'grace@example.com' })
  await grantry.call('POST', `/api/v1/connections/${needsReauth.id}/refresh`)
  await call('POST', `/connections/${active.id}/refresh`)
  const { access_token } = await call('GET', `/connections/${active.id}/token`)
  await call('DELETE', `/connections/${revoked.id}`)
  const mcpServer = await call('POST', '/mcp-servers', {
    mcp_server: 'gmail',
    access_type: 'write',
    auth_method: 'oauth',
    connection_id: active.id,
  })

  const key = await call('POST', '/api-keys', { name: nameOf('Key'), scopes: ['connections:read'] })
  const client = await call('POST', '/oauth-clients', {
    client_name: nameOf('Client'),
    redirect_uris: [`https://partner.example/${'callback/'.repeat(12)}`],
  })
  const token = await call('POST', '/registration-tokens', { name: nameOf('Token') })
  await insertGrant(grantry.ctx.db, {
    workspace: decodeId('ws', workspace.id)!,
    client: client.client_id,
  })
  await call('POST', '/identity-providers', {
    label: nameOf('IdP').slice(0, 60),
    issuer: `${grantry.sandbox!.url}/gmail`,
    audience: 'members',
    client_id: 'x',
    client_secret: 'idp-secret-canary',
  })
  const webhook = await call('POST', '/webhook-endpoints', {
    url: `${grantry.sandbox!.url}/${'hooks/'.repeat(24)}grantry`,
    description: nameOf('Webhook'),
  })
  await call('PATCH', `/webhook-endpoints/${webhook.id}`, { enabled: false })
  await call('POST', '/connections', {
    integration: integration.id,
    app_id: app.id,
    end_user: { id: nameOf('Leaked') },
    tokens: { access_token: 'leaked-access-canary' },
  })
  const breakGlass = await call('POST', '/break-glass', { criteria: { end_user_id: nameOf('Leaked') } })
  await call('POST', '/invitations', { email: `${'invited-'.repeat(7)}x@example.com`, role: 'developer' })
  const { link } = await call('POST', '/invitations', { email: 'viewer@example.com', role: 'viewer' })
  const viewer = openBrowser(grantry)
  const joined = await viewer.post(link, { name: nameOf('Viewer'), password: goodPassword })
  if (joined.status !== 303) throw new Error(`the viewer could not join: ${joined.text}`)

  return {
    connections: { active: active.id, needs_reauth: needsReauth.id, revoked: revoked.id },
    integration: integration.id,
    mcpServer: mcpServer.id,
    client: client.id,
    webhook: webhook.id,
    breakGlass: breakGlass.id,
    viewer,
    secrets: [
      grantry.apiKey,
      'generic-secret-canary',
      'idp-secret-canary',
      'leaked-access-canary',
      access_token,
      key.secret,
      client.client_secret,
      token.secret ?? token.token,
      webhook.secret,
    ].filter((secret) => typeof secret === 'string'),
  }
}
