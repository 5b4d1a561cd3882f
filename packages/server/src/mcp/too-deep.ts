/** Deeper than any message of the protocol, and than arguments that a tool can use. */
const deepest = 64

/** Whether a parsed body nests deeper than what walks it (checks, schemas) has a stack for. */
export function tooDeep(value: unknown): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; depth <= deepest; depth++) {
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []))
    if (level.length === 0) return false
  }
  return true
}
