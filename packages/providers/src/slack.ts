import type { Provider } from './provider.ts'
import { slackFailure, slackTools } from './tools/slack.ts'

export const slack: Provider = {
  name: 'slack',
  display_name: 'Slack',
  category: 'communication',
  docs_url: 'https://docs.slack.dev/authentication/installing-with-oauth',
  register_url: 'https://api.slack.com/apps',
  grant_types: ['authorization_code', 'refresh_token'],

  authorization_url: 'https://slack.com/oauth/v2/authorize',
  token_url: 'https://slack.com/api/oauth.v2.access',
  authorize: {
    scope_separator: ',',
    // `scope` asks for a bot, `user_scope` for the person's own token.
    scope_parameters: { 'user:': 'user_scope' },
    // Slack takes a challenge only of apps that were made public clients for good, in their settings.
    pkce: 'none',
  },
  callback: { code_lifetime: 600 },
  token: { auth_method: 'client_secret_basic' },
  token_response: {
    // The person's token is nested after a consent, and on top, like a bot's, after a refresh.
    fields: {
      access_token: ['authed_user.access_token', 'access_token'],
      refresh_token: ['authed_user.refresh_token', 'refresh_token'],
      expires_in: ['authed_user.expires_in', 'expires_in'],
      scope: ['authed_user.scope', 'scope'],
      token_type: ['authed_user.token_type', 'token_type'],
    },
    error_in_200: { ok: 'ok', error: 'error' },
    error_codes: {
      invalid_client_id: 'invalid_client',
      bad_client_secret: 'invalid_client',
      invalid_code: 'invalid_grant',
      code_already_used: 'invalid_grant',
      invalid_refresh_token: 'invalid_grant',
      invalid_grant_type: 'unsupported_grant_type',
      oauth_authorization_url_mismatch: 'invalid_request',
      // By its own words part of the work may have been done when these are answered, with status 200.
      internal_error: 'server_error',
      fatal_error: 'server_error',
      service_unavailable: 'temporarily_unavailable',
      request_timeout: 'temporarily_unavailable',
    },
    throttled_errors: ['ratelimited'],
    scope_separator: ',',
    token_types: ['bot', 'user'],
    metadata: { team_id: 'team.id', team_name: 'team.name', bot_user_id: 'bot_user_id' },
  },
  // Only where token rotation is on for the app; elsewhere tokens do not end and no refresh token comes.
  refresh: { rotates: true, ended_errors: ['token_revoked', 'account_inactive'] },
  revocation: { url: 'https://slack.com/api/auth.revoke', by: 'bearer' },
  api: { base_url: 'https://slack.com/api' },
  account: {
    url: '/auth.test',
    id: 'user_id',
    label: 'user',
    metadata: { team_id: 'team_id', team_name: 'team' },
  },

  scopes: {
    read: [
      { scope: 'user:channels:read', sentence: 'See the public channels of your workspace.' },
      { scope: 'user:channels:history', sentence: 'Read messages in the public channels you are in.' },
      { scope: 'user:users:read', sentence: 'See the people in your workspace.' },
      { scope: 'user:search:read', sentence: 'Search the messages and files that you can see.' },
    ],
    write: [
      { scope: 'user:channels:read', sentence: 'See the public channels of your workspace.' },
      { scope: 'user:channels:history', sentence: 'Read messages in the public channels you are in.' },
      { scope: 'user:users:read', sentence: 'See the people in your workspace.' },
      { scope: 'user:search:read', sentence: 'Search the messages and files that you can see.' },
      { scope: 'user:chat:write', sentence: 'Send messages as you.' },
    ],
  },
  tools: slackTools,
  tool_failure: slackFailure,
  notes:
    'Scopes that start with user: ask for the token of the person; without that prefix they ask for a bot, as in chat:write. Asked for both, the connection holds the token of the person. ' +
    'Token rotation, once on, cannot be turned off; tokens then live 12 hours.',
  provenance: [
    'https://docs.slack.dev/authentication/installing-with-oauth',
    'https://docs.slack.dev/authentication/using-token-rotation',
    'https://docs.slack.dev/authentication/using-pkce',
    'https://docs.slack.dev/reference/methods/oauth.v2.access',
    'https://docs.slack.dev/reference/methods/auth.revoke',
    'https://docs.slack.dev/reference/methods/auth.test',
    'https://docs.slack.dev/reference/methods/conversations.list',
    'https://docs.slack.dev/reference/methods/conversations.history',
    'https://docs.slack.dev/reference/methods/conversations.replies',
    'https://docs.slack.dev/reference/methods/users.conversations',
    'https://docs.slack.dev/reference/methods/users.list',
    'https://docs.slack.dev/reference/methods/users.info',
    'https://docs.slack.dev/reference/methods/search.messages',
    'https://docs.slack.dev/reference/methods/chat.postMessage',
    'https://docs.slack.dev/reference/methods/chat.getPermalink',
    'https://docs.slack.dev/tools/node-slack-sdk/reference/oauth/interfaces/OAuthV2TokenRefreshResponse',
  ],
}
