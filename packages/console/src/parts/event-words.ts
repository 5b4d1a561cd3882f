import type { Event } from '@grantry/sdk/transport'

/** What an event of the audit log says; its type itself where it is newer than this page. */
export function eventInWords({ type, data }: Pick<Event, 'type' | 'data'>): string {
  const words = said[type]
  return typeof words === 'function' ? words(data) : (words ?? type)
}

/** Who did it. */
export function actorInWords({ kind, label }: { kind: string; label?: string | null }): string {
  return label ?? actors[kind] ?? kind
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const because = (value: unknown): string => (text(value) === '' ? '' : `: ${text(value)}`)

const said: Record<string, string | ((data: Record<string, unknown>) => string)> = {
  'workspace.created': 'Workspace made',
  'workspace.updated': 'Workspace settings changed',
  'workspace.deleted': 'Workspace ended',
  'app.created': 'App made',
  'app.deleted': 'App removed',
  'api_key.created': 'API key made',
  'api_key.rotated': 'API key rotated',
  'api_key.deleted': 'API key removed',
  'integration.created': 'Integration added',
  'integration.updated': 'Integration changed',
  'integration.deleted': 'Integration removed',
  'connect_session.created': 'Connect link made',
  'connect_session.failed': ({ error, description }) =>
    `Not connected${because(description) || because(error)}`,
  'connection.created': 'Connected',
  'connection.imported': 'Brought from elsewhere',
  'connection.reconnected': 'Connected again',
  'connection.updated': 'Proxy policy changed',
  'connection.refreshed': 'Tokens refreshed',
  'connection.refresh_failed': ({ error }) => `Refresh failed${because(error)}`,
  'connection.needs_reauth': ({ reason }) => `Needs to be connected again${because(reason)}`,
  'connection.recovered': 'Works again',
  'connection.expiring': 'Will end soon',
  'connection.revoked': 'Ended',
  'connection.revoked_upstream': 'Ended at the provider',
  'connection.revocation_failed': ({ error }) => `The provider did not end it${because(error)}`,
  'connections.export_started': 'Export of connections begun',
  'connections.exported': 'Connections exported',
  'end_user_token.created': 'End-user token made',
  'mcp_server.created': 'MCP server made',
  'mcp_server.deleted': 'MCP server removed',
  'oauth_grant.created': 'App allowed',
  'oauth_grant.ended': 'Permission of an app ended',
  'oauth_client.created': 'OAuth client made',
  'oauth_client.registered': 'OAuth client registered itself',
  'oauth_client.updated': 'OAuth client changed',
  'oauth_client.secret_rotated': 'Secret of an OAuth client rotated',
  'oauth_client.deleted': 'OAuth client removed',
  'registration_token.created': 'Registration token made',
  'registration_token.deleted': 'Registration token removed',
  'token.read': 'Token read',
  'token.exported': 'Tokens exported',
  'proxy.called': ({ method, path, tool }) =>
    tool ? `Tool ${text(tool)} ran` : `API called: ${text(method)} ${text(path)}`,
  'member.invited': 'Member invited',
  'member.joined': 'Member joined',
  'member.signed_in': 'Member signed in',
  'member.sign_in_failed': 'Sign-in failed',
  'member.updated': 'Member changed',
  'member.role_changed': 'Role of a member changed',
  'member.password_changed': 'Password changed',
  'member.identity_linked': 'Outside sign-in linked',
  'member.identity_unlinked': 'Outside sign-in unlinked',
  'member.removed': 'Member removed',
  'invitation.deleted': 'Invitation withdrawn',
  'owner_link.created': 'Sign-up link for an owner made',
  'session.ended': 'Signed out',
  'end_user.signed_in': 'End user signed in',
  'identity_provider.created': 'Outside sign-in added',
  'identity_provider.updated': 'Outside sign-in changed',
  'identity_provider.deleted': 'Outside sign-in removed',
}

const actors: Record<string, string> = {
  system: 'Grantry',
  member: 'a member',
  api_key: 'an API key',
  oauth_client: 'an OAuth client',
  end_user: 'the end user',
  connect_session: 'the connect link',
  operator: 'the operator',
  nobody: 'nobody who is known',
}
