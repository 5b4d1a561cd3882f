/** A secret by the name that a failing test tells; never its value. */
export type Secrets = Map<string, Buffer>

/** Every form in which bytes hide in other bytes: as they are, in hex, and in base64 at each of its three offsets. */
function formsOf(secret: Buffer): Buffer[] {
  const hex = secret.toString('hex')
  const encoded = [0, 1, 2].flatMap((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), secret])
      .toString('base64')
      .replace(/=+$/, '')
    // The first and last characters mix with the neighbours' bits.
    const inner = text.slice(shift === 0 ? 0 : shift + 1, -1)
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')]
  })
  const text = secret.toString()
  const quoted = [encodeURIComponent(text.toWellFormed()), JSON.stringify(text).slice(1, -1)]
  return [secret, ...[hex, hex.toUpperCase(), ...encoded, ...quoted].map((form) => Buffer.from(form))]
}

/** Names of the secrets that these bytes hold in any form. */
export function findSecrets(secrets: Secrets, place: Buffer): string[] {
  return [...secrets].flatMap(([name, secret]) =>
    formsOf(secret).some((form) => place.includes(form)) ? name : [],
  )
}
