export { Agent, type AgentOptions, type OAuthProvider } from './agent.ts'
export type { CallOptions } from './call.ts'
export {
  Grantry,
  type GrantryOptions,
  type ProxyFetchOptions,
  type RequestOptions,
  type StreamOptions,
} from './client.ts'
export type * from './contract.ts'
export { Credentials, type CredentialsOptions } from './credentials.ts'
export {
  ConnectionFailedError,
  type FieldError,
  ForbiddenError,
  GrantryError,
  InvalidRequestError,
  NeedsReauthError,
  NotFoundError,
  RateLimitedError,
  UnauthenticatedError,
  UnavailableError,
} from './errors.ts'
export type { ListPage, Page } from './page.ts'
export type * from './resources.ts'
export {
  signWebhook,
  type VerifyOptions,
  verifyWebhook,
  type WebhookMessage,
  WebhookVerificationError,
} from './webhooks.ts'
