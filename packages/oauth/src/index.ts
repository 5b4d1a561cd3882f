export { accountRequest } from './account-request.ts'
export { apiBaseUrl } from './api-base-url.ts'
export { type ApiCredential, apiCredential } from './api-credential.ts'
export { type ApiRequestInput, apiRequest } from './api-request.ts'
export type { ClientAuthMethod } from './authenticate-client.ts'
export {
  type AuthorizationUrlInput,
  authorizationUrl,
  requestedScopes,
  reservedAuthorizeParameters,
} from './authorization-url.ts'
export { encodeBase64Url } from './base64url.ts'
export { classify, isUncertain, type Verdict } from './classify.ts'
export { cleanText } from './clean-text.ts'
export type { Client } from './client.ts'
export { type ClientCredentialsRequestInput, clientCredentialsRequest } from './client-credentials-request.ts'
export { codeChallenge, codeVerifier } from './code-challenge.ts'
export { type CodeRequestInput, codeRequest } from './code-request.ts'
export { type Discovered, discover } from './discover.ts'
export * from './errors.ts'
export { type FailureKind, failureInText, failureKind, type RenewalKind } from './failure-kind.ts'
export type { Fetch } from './fetch.ts'
export { fillUrl, isLoopback, placeholdersIn, resolveParams } from './fill-url.ts'
export { introspectLifetime } from './introspect-lifetime.ts'
export { type IntrospectionRequestInput, introspectionRequest } from './introspection-request.ts'
export { type IntrospectedToken, processIntrospectionResponse } from './process-introspection-response.ts'
export { processRevocationResponse, requestRevocation } from './process-revocation-response.ts'
export { processTokenResponse, type TokenReading } from './process-token-response.ts'
export type * from './profile.ts'
export type { ProviderRequest, RequestInput } from './provider-request.ts'
export { type Account, readAccount } from './read-account.ts'
export {
  type AuthorizationAnswer,
  type AuthorizationReading,
  readAuthorizationAnswer,
} from './read-authorization-answer.ts'
export { type Callback, checkIssuer, readCallback } from './read-callback.ts'
export type { Reading } from './read-error.ts'
export { readPath } from './read-path.ts'
export { type RefreshRequestInput, refreshRequest, upgradeRequest } from './refresh-request.ts'
export { requestAccount } from './request-account.ts'
export { type RequestTokensOptions, requestTokens } from './request-tokens.ts'
export { readRetryAfter } from './retry-after.ts'
export { type RevocationRequestInput, revocationRequest, tokenToRevoke } from './revocation-request.ts'
export { Secret } from './secret.ts'
export { requestTenants, type Tenant, tenantsRequest } from './tenants.ts'
export type { TokenSet } from './token-set.ts'
export { type IdTokenClaims, type IdTokenExpectations, verifyIdToken } from './verify-id-token.ts'
