type Source = { clock: { now(): number }; random: (bytes: number) => Uint8Array }

/** A UUIDv7 (RFC 9562 §5.7): milliseconds first, so that later ids sort later, then 74 random bits. */
export function newId({ clock, random }: Source): string {
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(clock.now(), 0, 6)
  bytes.set(random(10), 6)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return formatUuid(bytes)
}

export function formatUuid(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

export function parseUuid(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex')
}

/** What every UUIDv7 from that millisecond on is at least (RFC 9562 §5.7). */
export const firstIdAt = (ms: number): string =>
  formatUuid(Buffer.from(Math.max(0, ms).toString(16).padStart(12, '0').padEnd(32, '0'), 'hex'))

/** The millisecond in which a UUIDv7 was made. */
export const timeOf = (uuid: string): number => Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16)
