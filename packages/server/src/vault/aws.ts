import { VaultError } from './errors.ts'

/** One call in all, with its tries. */
const deadlineMs = 8000

/** For every client of ours. Region, credentials and endpoints are found by the SDK's own chain. */
export const clientOptions = {
  // Also waits and tries again where AWS throttles.
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 2000, requestTimeout: 4000, throwOnRequestTimeout: true },
}

/** Answers of AWS that trying again does not change: somebody there has to. */
const refusals =
  /^(AccessDenied|AccessDeniedException|DisabledException|KMSInvalidStateException|InvalidKeyUsageException|NotFoundException|EncryptionFailure|DecryptionFailure|UnrecognizedClientException|InvalidSignatureException|InvalidClientTokenId)$/

/**
 * Runs one call within a deadline, and puts what goes wrong into our words.
 * @param of names of errors that the caller understands: these answer with their name
 */
export async function callAws<Result, Known extends string = never>(
  what: string,
  call: (options: { abortSignal: AbortSignal }) => Promise<Result>,
  ...of: Known[]
): Promise<Result | Known> {
  try {
    return await call({ abortSignal: AbortSignal.timeout(deadlineMs) })
  } catch (cause) {
    const { name, message } = cause as Error
    const known = of.find((one) => one === name)
    if (known !== undefined) return known
    const code = refusals.test(name) ? 'vault_refused' : 'vault_unavailable'
    throw new VaultError(code, `${what}: ${name}: ${message}`, { cause })
  }
}
