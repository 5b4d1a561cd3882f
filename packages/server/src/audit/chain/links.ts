import { formatUuid } from '../../db/new-id.ts'
import type { EventLinksRow } from '../../db/schema.ts'

/** An event's place in its workspace's chain. */
export type Link = { seq: number; event: string; hash: string }

const idBytes = 16
const linkBytes = idBytes + 32

/** @param links in their order, without gaps */
export function packLinks(links: readonly Link[]): Uint8Array {
  const bytes = Buffer.allocUnsafe(links.length * linkBytes)
  for (const [index, { event, hash }] of links.entries()) {
    bytes.write(event.replaceAll('-', ''), index * linkBytes, 'hex')
    bytes.write(hash, index * linkBytes + idBytes, 'hex')
  }
  return bytes
}

export function unpackLinks({ last_seq, links }: Pick<EventLinksRow, 'last_seq' | 'links'>): Link[] {
  const bytes = Buffer.from(links.buffer, links.byteOffset, links.byteLength)
  const count = Math.floor(bytes.length / linkBytes)
  return Array.from({ length: count }, (_, index) => {
    const at = index * linkBytes
    return {
      seq: last_seq - count + 1 + index,
      event: formatUuid(bytes.subarray(at, at + idBytes)),
      hash: bytes.toString('hex', at + idBytes, at + linkBytes),
    }
  })
}
