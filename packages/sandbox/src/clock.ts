/** A clock that can be moved. Everything that expires in the sandbox is judged on it. */
export type MovableClock = {
  /** Milliseconds since the epoch. */
  now(): number
  /** Seconds; negative goes back. */
  advance(seconds: number): void
  /** Seconds between this clock and the one beneath it. */
  offset(): number
  reset(): void
}

export const createClock = (beneath: () => number = Date.now): MovableClock => {
  let offsetMs = 0
  return {
    now: () => beneath() + offsetMs,
    advance: (seconds) => {
      offsetMs += seconds * 1000
    },
    offset: () => offsetMs / 1000,
    reset: () => {
      offsetMs = 0
    },
  }
}
