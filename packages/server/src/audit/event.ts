import type { Actor } from '../http/principal.ts'

/** What is written down: every change, and every time a token left. The audit log's vocabulary. */
export const eventTypes = [
  'workspace.created',
  'workspace.updated',
  'workspace.deleted',
  'app.created',
  'app.deleted',
  'api_key.created',
  'api_key.rotated',
  'api_key.refused',
  'api_key.deleted',
  'integration.created',
  'integration.updated',
  'integration.deleted',
  'connect_session.created',
  'connect_session.failed',
  'connection.created',
  'connection.imported',
  'connection.reconnected',
  'connection.updated',
  'connection.refreshed',
  'connection.refresh_failed',
  'connection.needs_reauth',
  'connection.recovered',
  'connection.expiring',
  'connection.revoked',
  'connection.revoked_upstream',
  'connection.revocation_failed',
  'break_glass.started',
  'break_glass.finished',
  'connections.export_started',
  'connections.exported',
  'events.export_started',
  'events.exported',
  'events.pruned',
  'end_user_token.created',
  'manage_link.created',
  'manage_page.opened',
  'webhook_endpoint.created',
  'webhook_endpoint.updated',
  'webhook_endpoint.secret_rotated',
  'webhook_endpoint.redelivered',
  'webhook_endpoint.disabled',
  'webhook_endpoint.deleted',
  'mcp_server.created',
  'mcp_server.deleted',
  'oauth_grant.created',
  'oauth_client.created',
  'oauth_client.registered',
  'oauth_client.updated',
  'oauth_client.secret_rotated',
  'oauth_client.deleted',
  'registration_token.created',
  'registration_token.deleted',
  'oauth_grant.ended',
  'token.read',
  'token.exported',
  'proxy.called',
  'member.invited',
  'member.joined',
  'member.signed_in',
  'member.sign_in_failed',
  'member.updated',
  'member.role_changed',
  'member.password_changed',
  'member.identity_linked',
  'member.identity_unlinked',
  'member.removed',
  'invitation.deleted',
  'owner_link.created',
  'session.ended',
  'end_user.signed_in',
  'identity_provider.created',
  'identity_provider.updated',
  'identity_provider.deleted',
  'data_key.rotated',
  'data_key.retired',
  'data_key.destroyed',
  'root_key.changed',
  'vault.tampered',
  'vault.migration_started',
] as const

export type EventType = (typeof eventTypes)[number]

export type Event = {
  workspace: string
  type: EventType
  actor: Actor
  app?: string | null
  connection?: string | null
  integration?: string | null
  endUser?: string | null
  /** Public facts; never a secret. */
  data?: Record<string, unknown>
}

/** What Grantry does by itself: sweeps, retries, first start. */
export const system: Actor = { kind: 'system', id: null, requestId: null }
