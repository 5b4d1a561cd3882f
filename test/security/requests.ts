import type { Endpoint } from '../../packages/api/src/endpoint.ts'
import { decodeId, encodeId, type IdKind } from '../../packages/api/src/ids.ts'
import type { Tenant } from './tenant.ts'

/** A request that the endpoint takes, made of a tenant's things. */
export type Example = { path: string; body?: unknown }

/** A good request of each endpoint; one that is missing here fails the test that asks for it. */
const bodies: Record<string, (tenant: Tenant) => unknown> = {
  createApiKey: () => ({ name: 'a key', scopes: ['connections:read'] }),
  rotateApiKey: () => ({ overlap_seconds: 60 }),
  createApp: () => ({ name: 'an app' }),
  createConnectSession: ({ ids }) => ({ integration: ids.int, end_user: { id: 'u9' } }),
  finishConnectSession: () => ({ code: 'gfc_none', end_user_id: 'u1' }),
  importConnection: ({ ids }) => ({ integration: ids.int, tokens: { access_token: 'an-access-token' } }),
  importConnections: ({ ids }) => ({
    items: [{ key: 'one', integration: ids.int, tokens: { access_token: 'an-access-token' } }],
  }),
  exportConnections: () => ({
    recipients: ['age1znyma77pr40e3rs4eezuq4q577e4tyte97cpfhutkqv4warlt5psaecuc9'],
  }),
  createIntegration: () => ({
    label: 'x',
    provider: 'gmail',
    client_id: 'x',
    client_secret: 'x',
    validate: false,
  }),
  updateConnection: () => ({ proxy_policy: null }),
  updateIntegration: () => ({ label: 'another label' }),
  discoverIntegration: ({ issuer }) => ({ issuer }),
  reserveRedirectUri: () => ({ token_url: 'https://idp.example/token' }),
  runMcpServerTool: () => ({ arguments: {} }),
  updateWorkspace: () => ({ name: 'another name' }),
  createMcpServer: ({ ids }) => ({
    mcp_server: 'gmail',
    access_type: 'read',
    auth_method: 'oauth',
    connection_id: ids.con,
  }),
  createOAuthClient: () => ({ client_name: 'a client', redirect_uris: ['https://client.example/cb'] }),
  updateOAuthClient: () => ({ client_name: 'another name' }),
  rotateOAuthClientSecret: () => ({ overlap_seconds: 60 }),
  createRegistrationToken: () => ({ name: 'a token' }),
  createEndUserToken: () => ({ end_user: { id: 'u1' }, scopes: ['connections:read'], ttl: 60 }),
  createManageLink: () => ({ end_user: { id: 'u1' } }),
  registerOAuthProvider: () => ({ provider_name: 'gmail', client_id: 'x', client_secret: 'x' }),
  createBlaxelConnection: () => ({
    metadata: { name: 'another-name' },
    spec: {
      integration: 'gmail',
      secret: { CLIENT_ID: 'x', CLIENT_SECRET: 'x', REFRESH_TOKEN: 'x' },
    },
  }),
  updateBlaxelConnection: () => ({ metadata: { displayName: 'another name' } }),
  createBlaxelFunction: ({ name }) => ({
    metadata: { name: 'another-name' },
    spec: { type: 'mcp', integrationConnections: [name] },
  }),
  createWorkspace: () => ({ name: 'a workspace' }),
  updateMember: () => ({ name: 'another name' }),
  createInvitation: () => ({ email: 'invited@example.com', role: 'viewer' }),
  updateAccount: () => ({ name: 'another name' }),
  changePassword: () => ({ current_password: 'one password', new_password: 'another password' }),
  createIdentityProvider: ({ issuer }) => ({
    label: 'x',
    issuer,
    audience: 'members',
    client_id: 'x',
    client_secret: 'x',
  }),
  updateIdentityProvider: () => ({ label: 'another label' }),
  createWebhookEndpoint: ({ issuer }) => ({ url: `${issuer}/hook` }),
  updateWebhookEndpoint: () => ({ description: 'another one' }),
  rotateWebhookSecret: () => ({ overlap_seconds: 60 }),
  rotateDataKeys: () => ({ of: 'all' }),
  // Nobody's connections: others are looked at afterwards.
  previewBreakGlass: () => ({ criteria: { end_user_id: 'nobody' } }),
  startBreakGlass: () => ({ criteria: { end_user_id: 'nobody' } }),
  previewOperatorBreakGlass: ({ ids }) => ({ criteria: { workspace_id: ids.ws, end_user_id: 'nobody' } }),
  startOperatorBreakGlass: ({ ids }) => ({ criteria: { workspace_id: ids.ws, end_user_id: 'nobody' } }),
  updateWorkspacePlan: () => ({ plan: 'a plan' }),
}
const queries: Record<string, string> = { findToken: '?provider=gmail&end_user=u1' }

const kinds: Record<string, IdKind> = {
  'api-keys': 'key',
  apps: 'app',
  'authorized-apps': 'gra',
  'connect-sessions': 'cs',
  'break-glass': 'bgl',
  'data-keys': 'dk',
  connections: 'con',
  'identity-providers': 'idp',
  integrations: 'int',
  invitations: 'inv',
  'mcp-servers': 'mcp',
  members: 'mem',
  sessions: 'ses',
  'oauth-clients': 'cli',
  'registration-tokens': 'irt',
  'webhook-endpoints': 'whe',
  workspaces: 'ws',
}

/** What the `:id` of a path names; null for a path without one. */
export function kindOf(path: string): IdKind | null {
  const [, first = '', second] = path.replace(/^\/operator/, '').split('/')
  return second === ':id' ? (kinds[first] ?? null) : null
}

export function exampleOf(endpoint: Endpoint & { name: string }, tenant: Tenant): Example {
  const { name, path, body, prefix = '/api/v1' } = endpoint
  const kind = kindOf(path) as keyof Tenant['ids'] | null
  const filled = path
    .replace(':id', kind ? tenant.ids[kind] : ':id')
    .replace(':identity_provider', tenant.ids.idp)
    .replace(':delivery', tenant.ids.evt)
    .replace(':name', tenant.name)
    .replace(':tool', 'search_messages')
    .replace(/:provider(_name)?/, 'gmail')
  if (filled.includes(':')) throw new Error(`No example of an id for ${path}`)
  const make = bodies[name]
  if (body && !make) throw new Error(`No example of a body for ${name}`)
  return { path: `${prefix}${filled}${queries[name] ?? ''}`, ...(make ? { body: make(tenant) } : {}) }
}

/** The same, of things that do not exist: each id is as good as the tenant's own, one bit further. */
export function nobodys(tenant: Tenant): Tenant {
  const ids = Object.entries(tenant.ids).map(([kind, id]) => {
    const uuid = decodeId(kind as IdKind, id)!
    const last = Number.parseInt(uuid.slice(-1), 16) ^ 1
    return [kind, encodeId(kind as IdKind, uuid.slice(0, -1) + last.toString(16))]
  })
  return { ...tenant, name: 'nobodys-named', ids: Object.fromEntries(ids) as Tenant['ids'] }
}
