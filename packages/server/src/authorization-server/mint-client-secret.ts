/** `gcs_` and 256 random bits. */
export function mintClientSecret(random: (bytes: number) => Uint8Array): string {
  return `gcs_${Buffer.from(random(32)).toString('base64url')}`
}
