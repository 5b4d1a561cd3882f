import type { Event } from '@grantry/sdk/transport'

type Data = Record<string, unknown>

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
/** ` something`, or nothing. */
const then = (value: unknown): string => (text(value) === '' ? '' : ` ${text(value)}`)
const because = (value: unknown): string => (text(value) === '' ? '' : `: ${text(value)}`)
const list = (value: unknown): string =>
  Array.isArray(value) && value.length > 0 ? `: ${value.map(String).join(', ')}` : ''
const count = (value: unknown, one: string): string =>
  typeof value === 'number' ? `${value} ${value === 1 ? one : `${one}s`}` : `${one}s`

const said: Record<string, string | ((data: Data) => string)> = {
  'workspace.created': ({ name }) => `Workspace${then(name)} made`,
  'workspace.updated': (data) => `Workspace settings changed${list(Object.keys(data))}`,
  'workspace.deleted': ({ name }) => `Workspace${then(name)} ended`,
  'workspace.restored': ({ taken_at }) =>
    `Grantry was restored from a backup${text(taken_at) === '' ? '' : ` of ${text(taken_at)}`}: what happened since then is not here`,
  'manage_link.created': 'Link to their own accounts made for an end user',
  'manage_page.opened': 'An end user looked at their own accounts',
  'webhook_endpoint.created': ({ origin }) => `Webhook endpoint made${because(origin)}`,
  'webhook_endpoint.updated': ({ changed }) => `Webhook endpoint changed${list(changed)}`,
  'webhook_endpoint.secret_rotated': 'Webhook secret replaced',
  'webhook_endpoint.redelivered': 'Webhook message sent again',
  'webhook_endpoint.disabled': ({ reason, origin }) =>
    reason === 'gone'
      ? `Webhook endpoint stopped: ${text(origin)} answered that it is gone`
      : `Webhook endpoint stopped: nothing arrived for five days${because(origin)}`,
  'webhook_endpoint.deleted': ({ origin }) => `Webhook endpoint deleted${because(origin)}`,
  'app.created': ({ name }) => `App${then(name)} made`,
  'app.deleted': ({ name }) => `App${then(name)} deleted`,
  'api_key.created': ({ name }) => `API key${then(name)} made`,
  'api_key.rotated': 'API key rotated',
  'api_key.refused': ({ network }) => `API key refused: it came from ${text(network)}, which it is not for`,
  'api_key.deleted': ({ name }) => `API key${then(name)} deleted`,
  'integration.created': ({ label }) => `Integration${then(label)} added`,
  'integration.updated': ({ changed }) => `Integration changed${list(changed)}`,
  'integration.deleted': ({ label }) => `Integration${then(label)} deleted`,
  'connect_session.created': 'Connect link made',
  'connect_session.failed': ({ error, description }) =>
    `Not connected${because(description) || because(error)}`,
  'connection.created': 'Connected',
  'connection.imported': 'Brought from elsewhere',
  'connection.reconnected': 'Connected again',
  'connection.updated': 'Connection changed',
  'connection.refreshed': 'Tokens refreshed',
  'connection.refresh_failed': ({ error, description }) =>
    `Refresh failed${because(description) || because(error)}`,
  'connection.needs_reauth': ({ reason }) => `Needs to be connected again${because(reason)}`,
  'connection.recovered': 'Works again',
  'connection.expiring': 'Will end soon',
  'connection.revoked': 'Ended',
  'connection.revoked_upstream': 'Ended at the provider',
  'connection.revocation_failed': ({ error }) => `The provider did not end it${because(error)}`,
  'break_glass.started': ({ connections }) => `Break-glass: ${count(connections, 'connection')} to end`,
  'break_glass.finished': ({ revoked }) =>
    `Break-glass done: ${count(revoked, 'connection')} revoked at the provider`,
  'connections.export_started': 'Export of connections begun',
  'connections.exported': ({ connections }) => `${count(connections, 'connection')} exported`,
  'events.export_started': ({ format }) => `Export of events begun${because(format)}`,
  'events.exported': ({ events }) => `${count(events, 'event')} exported`,
  'events.pruned': ({ events }) => `${count(events, 'old event')} deleted`,
  'end_user_token.created': ({ scopes }) => `End-user token made${list(scopes)}`,
  'mcp_server.created': ({ mcp_server, access_type }) =>
    `MCP server made for${then(mcp_server) || ' an account'}, to ${access_type === 'write' ? 'read and write' : 'read'}`,
  'mcp_server.deleted': 'MCP server deleted',
  'oauth_grant.created': ({ client_name, client_id }) =>
    `${text(client_name) || text(client_id) || 'An app'} allowed`,
  'oauth_grant.ended': ({ client_name, client_id }) =>
    `Access of ${text(client_name) || text(client_id) || 'an app'} ended`,
  'oauth_client.created': ({ client_name }) => `OAuth client${then(client_name)} made`,
  'oauth_client.registered': ({ client_name }) => `OAuth client${then(client_name)} registered itself`,
  'oauth_client.updated': ({ client_name, fields }) =>
    `OAuth client${then(client_name)} changed${list(fields)}`,
  'oauth_client.secret_rotated': 'Secret of an OAuth client rotated',
  'oauth_client.deleted': 'OAuth client deleted',
  'registration_token.created': ({ name }) => `Registration token${then(name)} made`,
  'registration_token.deleted': ({ name }) => `Registration token${then(name)} deleted`,
  'token.read': 'Access token read',
  'token.exported': 'Tokens exported',
  'proxy.called': ({ method, path, tool }) =>
    tool ? `Tool ${text(tool)} ran` : `API called: ${text(method)} ${text(path)}`,
  'member.invited': ({ email, role }) =>
    `${text(email) || 'Somebody'} invited as${then(role) || ' a member'}`,
  'member.joined': ({ role }) => `Member joined as${then(role) || ' a member'}`,
  'member.signed_in': 'Signed in',
  'member.sign_in_failed': 'Sign-in failed',
  'member.updated': 'Name of a member changed',
  'member.role_changed': ({ from, to }) => `Role of a member changed from ${text(from)} to ${text(to)}`,
  'member.password_changed': 'Password changed',
  'member.identity_linked': ({ issuer }) => `Outside sign-in linked${because(issuer)}`,
  'member.identity_unlinked': 'Outside sign-in unlinked',
  'member.removed': ({ email }) => `${text(email) || 'A member'} removed`,
  'invitation.deleted': 'Invitation withdrawn',
  'owner_link.created': 'Sign-up link for an owner made',
  'session.ended': ({ reason }) =>
    reason === 'signed_out' ? 'Signed out' : `Session ended${because(reason)}`,
  'end_user.signed_in': 'End user signed in',
  'identity_provider.created': ({ issuer }) => `Outside sign-in added${because(issuer)}`,
  'identity_provider.updated': ({ fields }) => `Outside sign-in changed${list(fields)}`,
  'identity_provider.deleted': 'Outside sign-in removed',
  'data_key.rotated': ({ reason }) =>
    reason === 'requested' ? 'Data key replaced' : 'Data key replaced, as it is now and then',
  'data_key.retired': 'Former data key destroyed',
  'data_key.destroyed': 'Data key destroyed, and with it every secret',
  'root_key.changed': 'Root key replaced',
  'vault.migration_started': ({ to }) => `Secrets are moved to another back end${because(to)}`,
  'vault.tampered': ({ column }) => `A stored secret was changed from outside${because(column)}`,
}

/** All types that are known here. */
export const eventTypes: readonly string[] = Object.keys(said)

const actors: Record<string, string> = {
  system: 'Grantry',
  member: 'a member',
  api_key: 'an API key',
  oauth_client: 'an OAuth client',
  end_user: 'the end user',
  connect_session: 'the connect link',
  operator: 'the operator',
  nobody: 'somebody who is not signed in',
}
