/** Times in milliseconds. They hang together: a call that is out is always inside its lease. */
export const refreshRules = {
  /** How long a caller waits for a refresh, its own or another's. */
  flightMs: 12_000,
  /** How long the right to spend a refresh token lasts. */
  leaseMs: 15_000,
  /** A call that the provider has not answered by then is given up as uncertain. */
  httpMs: 10_000,
  /** What the provider answers after that is still read until then, and a pair in it kept. */
  lateMs: 30_000,
  /** A provider's first "this grant has ended" is asked again after this time, or when no other call can be under way. */
  confirmMs: 2_000,
  /** An attempt of which nobody knows the end is looked at this soon. */
  uncertainMs: 1_000,
  /** A pair that was received waits this long for its holder to adopt it, then for whoever finds it. */
  adoptMs: 5_000,
  /** While the background works on a claimed row, no other process takes it. */
  claimMs: 30_000,
}

export type RefreshRules = typeof refreshRules
