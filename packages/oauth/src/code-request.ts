import type { ProviderRequest, RequestInput } from './provider-request.ts'
import type { Secret } from './secret.ts'
import { tokenRequest } from './token-request.ts'

export type CodeRequestInput = RequestInput & {
  code: Secret
  /** Exactly as it was in the authorization request. */
  redirect_uri: string
  /** Null only where there was no challenge. */
  code_verifier: Secret | null
}

/** Asks for tokens with an authorization code (RFC 6749 §4.1.3, RFC 7636 §4.5). */
export function codeRequest(input: CodeRequestInput): Promise<ProviderRequest> {
  const { code, code_verifier, redirect_uri } = input
  return tokenRequest(input, {
    type: 'authorization_code',
    fields: {
      code: code.expose(),
      redirect_uri,
      ...(code_verifier && { code_verifier: code_verifier.expose() }),
    },
    secrets: code_verifier ? [code, code_verifier] : [code],
  })
}
