const POOL_BYTES = 4096
/** What is longer is asked for directly. */
const LONGEST = 64

/**
 * Random bytes in small pieces: a call into the operating system costs far more than the bytes, so they are fetched by
 * the page. Each byte is given out once.
 */
export function createRandomPool(source: (bytes: number) => Uint8Array): (bytes: number) => Uint8Array {
  let pool: Uint8Array = new Uint8Array(0)
  let used = 0
  return (bytes) => {
    if (bytes > LONGEST) return source(bytes)
    if (used + bytes > pool.length) {
      pool = source(POOL_BYTES)
      used = 0
    }
    // A copy: Buffer's slice() would be a view of what is wiped next.
    const piece = Uint8Array.from(pool.subarray(used, used + bytes))
    pool.fill(0, used, used + bytes)
    used += bytes
    return piece
  }
}
