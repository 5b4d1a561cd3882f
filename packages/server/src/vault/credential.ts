import { hash } from 'node:crypto'
import { formatUuid, parseUuid } from '../db/new-id.ts'

/** Our own one-use and bearer credentials, told apart by their prefix; each kind has its own column. */
export type CredentialKind =
  | 'gst'
  | 'gct'
  | 'gcf'
  | 'gfc'
  | 'geu'
  | 'gss'
  | 'gin'
  | 'gos'
  | 'gia'
  | 'gml'
  | 'gmc'

/**
 * A credential that names its row: prefix, workspace, row and 256 random bits. It is looked up by workspace like
 * everything else, and only its hash is stored.
 * Kinds: `gst` start token, `gct` connect token, `gcf` confirm secret, `gfc` finish code or receipt, `geu` end user's token,
 * `gss` a browser's session, `gin` invitation, `gos` state of a sign-in at an outside provider,
 * `gia` initial access token of clients that register themselves, `gml` link to an end user's own page, `gmc` the cookie of the
 * browser that opened it.
 */
export function mintCredential(
  kind: CredentialKind,
  workspace: string,
  row: string,
  random: (bytes: number) => Uint8Array,
): { text: string; hash: string } {
  const bytes = Buffer.concat([parseUuid(workspace), parseUuid(row), random(32)])
  const text = `${kind}_${bytes.toString('base64url')}`
  return { text, hash: hashCredential(text) }
}

/** Where to look for a credential and with which hash; null for anything that is not one of this kind. */
export function readCredential(
  kind: CredentialKind,
  text: string,
): { workspace: string; row: string; hash: string } | null {
  const body = text.startsWith(`${kind}_`) ? text.slice(kind.length + 1) : ''
  if (!/^[A-Za-z0-9_-]{86}$/.test(body)) return null
  const bytes = Buffer.from(body, 'base64url')
  return {
    workspace: formatUuid(bytes.subarray(0, 16)),
    row: formatUuid(bytes.subarray(16, 32)),
    hash: hashCredential(text),
  }
}

/** SHA-256, hex. Enough for 256 random bits, which nobody can guess; passwords need more. */
export function hashCredential(text: string): string {
  return hash('sha256', text, 'hex')
}
