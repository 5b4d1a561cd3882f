/**
 * Has the server seal to a key that lives in this process only, and seals that to the passphrase: the passphrase stays
 * here, and what is on the way is sealed all the same.
 */
export async function sealToPassphrase(
  ask: (recipients: string[]) => Promise<ReadableStream<Uint8Array>>,
  passphrase: string,
): Promise<ReadableStream<Uint8Array>> {
  const { passphraseKey } = await import('./scrypt-stanza.ts')
  const { Decrypter, Encrypter, generateIdentity, identityToRecipient } = await import('age-encryption')
  const identity = await generateIdentity()
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  const encrypter = new Encrypter()
  encrypter.addRecipient(passphraseKey(passphrase))
  return encrypter.encrypt(await decrypter.decrypt(await ask([await identityToRecipient(identity)])))
}
