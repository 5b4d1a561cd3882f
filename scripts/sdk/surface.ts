/**
 * What the SDKs call each operation: resource → method → operationId. One table for every language; Python writes the
 * names in snake_case. A test holds that each operation of /openapi.json is here or in `leftOut`.
 */
export const surface = {
  connections: {
    list: 'listConnections',
    get: 'getConnection',
    import: 'importConnection',
    importMany: 'importConnections',
    update: 'updateConnection',
    token: 'getConnectionToken',
    findToken: 'findToken',
    refresh: 'refreshConnection',
    attempts: 'listAttempts',
    delete: 'deleteConnection',
  },
  connectSessions: {
    create: 'createConnectSession',
    get: 'getConnectSession',
    finish: 'finishConnectSession',
  },
  endUserTokens: { create: 'createEndUserToken' },
  integrations: {
    list: 'listIntegrations',
    get: 'getIntegration',
    create: 'createIntegration',
    update: 'updateIntegration',
    validate: 'validateIntegration',
    delete: 'deleteIntegration',
  },
  providers: { list: 'listProviders', get: 'getProvider' },
  mcpServers: {
    list: 'listMcpServers',
    get: 'getMcpServer',
    create: 'createMcpServer',
    delete: 'deleteMcpServer',
  },
  events: { list: 'listEvents' },
  apps: { list: 'listApps', create: 'createApp', delete: 'deleteApp' },
  apiKeys: { list: 'listApiKeys', create: 'createApiKey', rotate: 'rotateApiKey', delete: 'deleteApiKey' },
  oauthClients: {
    list: 'listOAuthClients',
    get: 'getOAuthClient',
    create: 'createOAuthClient',
    update: 'updateOAuthClient',
    rotateSecret: 'rotateOAuthClientSecret',
    delete: 'deleteOAuthClient',
  },
  registrationTokens: {
    list: 'listRegistrationTokens',
    create: 'createRegistrationToken',
    delete: 'deleteRegistrationToken',
  },
  authorizedApps: { list: 'listAuthorizedApps', get: 'getAuthorizedApp', end: 'endAuthorizedApp' },
  members: {
    list: 'listMembers',
    update: 'updateMember',
    delete: 'deleteMember',
    sessions: 'listMemberSessions',
    endSessions: 'deleteMemberSessions',
  },
  invitations: { list: 'listInvitations', create: 'createInvitation', delete: 'deleteInvitation' },
  identityProviders: {
    list: 'listIdentityProviders',
    get: 'getIdentityProvider',
    create: 'createIdentityProvider',
    update: 'updateIdentityProvider',
    delete: 'deleteIdentityProvider',
  },
  workspace: { get: 'getWorkspace', update: 'updateWorkspace' },
  workspaces: {
    list: 'listWorkspaces',
    create: 'createWorkspace',
    updatePlan: 'updateWorkspacePlan',
    delete: 'deleteWorkspace',
  },
  account: { get: 'getAccount' },
} as const satisfies Record<string, Record<string, string>>

/** Operations that no SDK method stands for, by why not. */
export const leftOut: Readonly<Record<string, readonly string[]>> = {
  'are for a member who is signed in by cookie: the console': [
    'getSession',
    'listSessions',
    'deleteSession',
    'deleteOtherSessions',
    'changePassword',
    'listIdentities',
    'deleteIdentity',
  ],
  'answer bytes and no JSON: `grantry.stream` reads them as they come': ['exportConnections'],
  "are other products' APIs, for their clients; the same is reached by the native ones": [
    'getKonproAccount',
    'createBlaxelConnection',
    'listBlaxelConnections',
    'getBlaxelConnection',
    'updateBlaxelConnection',
    'deleteBlaxelConnection',
    'createBlaxelFunction',
    'listBlaxelFunctions',
    'getBlaxelFunction',
    'deleteBlaxelFunction',
    'registerOAuthProvider',
    'listOAuthConnections',
    'revokeOAuthConnection',
    'startOAuth',
  ],
}

/**
 * Names of types that would else be named after the operation. A path starts at an operation (`getX` its answer,
 * `getX.query`, `getX.body`) and goes down by field names. What has the same structure elsewhere has the same name, so
 * that it is named where it is read first: `get…` before `list…` before the rest, each in the order of the table.
 */
export const typeNames: Readonly<Record<string, string>> = {
  'getConnection.end_user': 'EndUser',
  'getConnection.proxy_policy': 'ProxyPolicy',
  'importConnection.body.end_user': 'EndUserInput',
  'getProvider.scopes.read': 'ProviderScope',
  findToken: 'AccessToken',
  getConnectionToken: 'AccessToken',
  listAttempts: 'RefreshAttempt',
  listMcpServers: 'McpService',
  getAuthorizedApp: 'AuthorizedAppDetails',
  deleteIntegration: 'Deleted',
  createApiKey: 'NewApiKey',
  rotateApiKey: 'RotatedApiKey',
  createConnectSession: 'NewConnectSession',
  createEndUserToken: 'NewEndUserToken',
  createInvitation: 'NewInvitation',
  createMcpServer: 'NewMcpServer',
  createOAuthClient: 'NewOAuthClient',
  rotateOAuthClientSecret: 'RotatedOAuthClient',
  createRegistrationToken: 'NewRegistrationToken',
  createWorkspace: 'NewWorkspace',
  importConnections: 'ImportedConnections',
  'importConnections.results': 'ImportResult',
  'importConnections.results.error': 'ImportFault',
  'importConnections.body.items': 'ImportItem',
  deleteConnection: 'EndedConnection',
  endAuthorizedApp: 'EndedAuthorizedApp',
  deleteMemberSessions: 'EndedSessions',
}
