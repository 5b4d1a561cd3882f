import type { IdKind } from '@grantry/api'
import { UsageError } from './failure.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * The documented endpoints of others take UUIDs; both writings of an id are taken here. The contract is loaded when it is needed:
 * it takes longer than all the rest of a start.
 */
export async function uuidOf(kind: IdKind, text: string): Promise<string> {
  const { decodeId } = await import('@grantry/api')
  const found = uuid.test(text) ? text.toLowerCase() : decodeId(kind, text)
  if (!found) throw new UsageError(`"${text}" is no id: it would begin with ${kind}_, or be a UUID.`)
  return found
}

/** The same as the rest of the API writes it. */
export async function idOf(kind: IdKind, text: string): Promise<string> {
  const { encodeId } = await import('@grantry/api')
  return encodeId(kind, await uuidOf(kind, text))
}
