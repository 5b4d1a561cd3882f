type Source = { clock: { now(): number }; random: (bytes: number) => Uint8Array }

/** A clock that is put back by more than this is followed; ids made before then sort after the new ones. Milliseconds. */
const heldMs = 1000

/** What the last id of each clock began with. */
const lastTicks = new WeakMap<object, Tick>()
type Tick = { ms: number; count: number }

/**
 * A UUIDv7 (RFC 9562 §5.7): milliseconds first, then a counter of 12 bits (§6.2, method 1), then 62 random bits. Of one
 * clock each sorts after the one before, also within a millisecond and where the clock runs back a little.
 */
export function newId({ clock, random }: Source): string {
  const bytes = Buffer.alloc(16)
  bytes.set(random(10), 6)
  const tick = nextTick(lastTicks.get(clock), clock.now(), bytes.readUInt16BE(6) & 0x7ff)
  lastTicks.set(clock, tick)
  bytes.writeUIntBE(tick.ms, 0, 6)
  bytes.writeUInt16BE(0x7000 | tick.count, 6)
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return formatUuid(bytes)
}

/** A new millisecond begins to count anywhere in the lower half; one that is counted full borrows from the next. */
function nextTick(last: Tick | undefined, now: number, begin: number): Tick {
  if (!last || now > last.ms || now < last.ms - heldMs) return { ms: now, count: begin }
  return last.count < 0xfff ? { ms: last.ms, count: last.count + 1 } : { ms: last.ms + 1, count: begin }
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
