import { decodeId, encodeId } from '../../packages/api/src/ids.ts'
import { scopes } from '../../packages/api/src/scopes.ts'
import { insertGrant } from '../../packages/server/src/authorization-server/records.fixture.ts'
import { startSession } from '../support/connecting.ts'
import type { TestGrantry } from '../support/grantry.ts'
import { goodPassword, openBrowser, type TestBrowser } from '../support/members.ts'

/** One of each thing that a workspace can hold, by the prefix of its id. */
export type Tenant = {
  key: string
  /** What its named connection and its named MCP server are called. */
  name: string
  ids: Record<
    | 'ws'
    | 'app'
    | 'key'
    | 'int'
    | 'con'
    | 'cs'
    | 'mcp'
    | 'mem'
    | 'ses'
    | 'inv'
    | 'idp'
    | 'cli'
    | 'irt'
    | 'gra'
    | 'whe'
    | 'evt'
    | 'bgl'
    | 'dk',
    string
  >
  connectToken: string
  startToken: string
  /** An OpenID provider in reach. */
  issuer: string
  /** Where the workspace's member is signed in. */
  browser: TestBrowser
}

/**
 * Fills a workspace: an app with a key narrowed to it, and, inside the app or outside of every app, an integration, a
 * connection and a connect session; besides, a member who is signed in, an invitation and an OpenID provider.
 */
export async function furnish(
  grantry: TestGrantry,
  key: string,
  { name, inApp }: { name: string; inApp: boolean },
): Promise<Tenant & { appKey: string }> {
  const make = async (path: string, body: unknown) => {
    const answer = await grantry.call('POST', `/api/v1${path}`, body, { key })
    if (answer.status !== 201) throw new Error(`${path}: ${answer.text}`)
    return answer.body.data
  }
  const app = await make('/apps', { name: `${name} app` })
  const appKey = await make('/api-keys', {
    name: `${name} app key`,
    scopes,
    app_id: app.id,
  })
  const inside = inApp ? { app_id: app.id } : {}
  const client = grantry.sandbox!.clients.gmail!
  const integration = await make('/integrations', {
    label: `${name} gmail`,
    provider: 'gmail',
    client_id: client.client_id,
    client_secret: client.client_secret,
    validate: false,
    ...inside,
  })
  const connection = await make('/connections', {
    integration: integration.id,
    end_user: { id: 'u1' },
    tokens: { access_token: `ya29.${name}-access`, refresh_token: `1//${name}-refresh` },
    ...inside,
  })
  const mcpServer = await make('/mcp-servers', {
    mcp_server: 'gmail',
    access_type: 'read',
    auth_method: 'oauth',
    connection_id: connection.id,
    ...inside,
  })
  const session = await startSession(grantry, { integration: integration.id, end_user: { id: 'u1' } }, key)
  const workspace = await grantry.call('GET', '/api/v1/workspace', undefined, { key })
  const invite = (who: string) =>
    make('/invitations', { email: `${who}-${workspace.body.data.id}-${name}@example.com`, role: 'admin' })
  const browser = openBrowser(grantry)
  await browser.post((await invite('member')).link, { name, password: goodPassword })
  const signedIn = (await browser.api('GET', '/session')).body.data
  const issuer = `${grantry.sandbox!.url}/gmail`
  const identityProvider = await make('/identity-providers', {
    label: `${name} provider`,
    issuer,
    audience: 'members',
    client_id: 'x',
    client_secret: 'x',
  })
  const oauthClient = await make('/oauth-clients', {
    client_name: `${name} partner`,
    redirect_uris: ['https://partner.example/cb'],
  })
  const registrationToken = await make('/registration-tokens', { name: `${name} tools` })
  const webhook = await make('/webhook-endpoints', { url: `${issuer}/hook`, ...inside })
  // Nothing is sent while others are watched.
  await grantry.call('PATCH', `/api/v1/webhook-endpoints/${webhook.id}`, { enabled: false }, { key })
  const { body: events } = await grantry.call('GET', '/api/v1/events?limit=1', undefined, { key })
  await grantry.ctx.db
    .insertInto('webhook_deliveries')
    .values({
      workspace_id: decodeId('ws', workspace.body.data.id)!,
      endpoint_id: decodeId('whe', webhook.id)!,
      event_id: decodeId('evt', events.data[0].id)!,
      type: 'connection.revoked',
      status: 'pending',
      attempts: 0,
      tries: '[]',
    })
    .execute()
  const breakGlass = await make('/break-glass', { criteria: { end_user_id: 'nobody' } })
  const { body: dataKeys } = await grantry.call(
    'GET',
    `/api/v1/data-keys?workspace=${workspace.body.data.id}`,
    undefined,
    { key: grantry.operatorKey },
  )
  const grant = await insertGrant(grantry.ctx.db, {
    workspace: decodeId('ws', workspace.body.data.id)!,
    client: oauthClient.client_id,
  })
  const named = {
    workspace_id: decodeId('ws', workspace.body.data.id)!,
    app: '',
    name: `${name}-named`,
    display_name: null,
    labels: '{}',
    stands_on: 'gmail',
    created_at: grantry.ctx.clock.now(),
    updated_at: grantry.ctx.clock.now(),
  }
  await grantry.ctx.db
    .insertInto('named_connections')
    .values({ ...named, connection_id: decodeId('con', connection.id)! })
    .execute()
  await grantry.ctx.db
    .insertInto('named_mcp_servers')
    .values({ ...named, mcp_server_id: decodeId('mcp', mcpServer.id)! })
    .execute()
  return {
    key,
    name: named.name,
    appKey: appKey.secret,
    ids: {
      ws: workspace.body.data.id,
      app: app.id,
      key: appKey.id,
      int: integration.id,
      con: connection.id,
      cs: session.id,
      mcp: mcpServer.id,
      mem: signedIn.member.id,
      ses: signedIn.session.id,
      inv: (await invite('invited')).id,
      idp: identityProvider.id,
      cli: oauthClient.id,
      irt: registrationToken.id,
      gra: encodeId('gra', grant.id),
      whe: webhook.id,
      evt: events.data[0].id,
      bgl: breakGlass.id,
      dk: dataKeys.data[0].id,
    },
    connectToken: session.connect_token,
    startToken: session.start_token,
    issuer,
    browser,
  }
}

/** A workspace of its own, made by the operator. Returns its first key. */
export async function createWorkspace(grantry: TestGrantry, name: string): Promise<string> {
  const made = await grantry.call('POST', '/api/v1/workspaces', { name }, { key: grantry.operatorKey })
  return made.body.data.api_key
}
