import { callAws, clientOptions } from './aws.ts'
import { VaultError } from './errors.ts'
import { KEY_BYTES, type RootKey } from './root-key.ts'

const what = (action: string) => `AWS KMS, ${action}`

/**
 * A symmetric key in AWS KMS, which never leaves it: KMS wraps and unwraps data keys. What a wrapped key is for is its
 * encryption context, so that it unwraps for nothing else, and so that CloudTrail shows it. Its id is its ARN, whatever
 * it was named by.
 * @param keyId id, ARN or alias of the key
 * @throws {VaultError} vault_unavailable, vault_refused: it cannot be used, and nothing was changed
 */
export async function kmsRootKey(keyId: string, random: (bytes: number) => Uint8Array): Promise<RootKey> {
  const { DecryptCommand, EncryptCommand, KMSClient } = await import('@aws-sdk/client-kms')
  const client = new KMSClient(clientOptions)

  async function encrypt(Plaintext: Uint8Array, purpose: readonly string[]) {
    const answer = await callAws(what('Encrypt'), (options) =>
      client.send(
        new EncryptCommand({ KeyId: keyId, Plaintext, EncryptionContext: contextOf(purpose) }),
        options,
      ),
    )
    return { id: answer.KeyId!, wrapped: answer.CiphertextBlob! }
  }

  async function unwrapBy(
    id: string,
    wrapped: Uint8Array,
    purpose: readonly string[],
  ): Promise<Uint8Array | null> {
    const answer = await callAws(
      what('Decrypt'),
      (options) =>
        client.send(
          new DecryptCommand({ KeyId: id, CiphertextBlob: wrapped, EncryptionContext: contextOf(purpose) }),
          options,
        ),
      'InvalidCiphertextException',
      'IncorrectKeyException',
    )
    return typeof answer === 'string' ? null : answer.Plaintext!
  }

  try {
    const probe = random(KEY_BYTES)
    const { id, wrapped } = await encrypt(probe, ['probe'])
    const back = await unwrapBy(id, wrapped, ['probe'])
    if (!back || !Buffer.from(probe).equals(back))
      throw new VaultError('vault_misconfigured', `${id} does not unwrap what it wraps`)
    return {
      id,
      async wrap(plain, purpose) {
        const made = await encrypt(plain, purpose)
        if (made.id !== id)
          throw new VaultError(
            'wrong_root_key',
            `${keyId} means ${made.id} now, and meant ${id} at the start`,
          )
        return made.wrapped
      },
      unwrap: (wrapped, purpose) => unwrapBy(id, wrapped, purpose),
    }
  } catch (error) {
    client.destroy()
    throw error
  }
}

/** Says the same as the parts do, in the same order, and reads well in CloudTrail. */
function contextOf(purpose: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    purpose.map((part, index) => [index === 0 ? 'grantry' : `grantry:${index}`, part]),
  )
}
