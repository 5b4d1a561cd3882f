const minute = 60_000
const hour = 60 * minute

/** How long a session lasts when nothing is done in it, and at most. An end user's is for one errand. */
export const sessionRules = {
  member: { idleMs: 12 * hour, longestMs: 14 * 24 * hour },
  end_user: { idleMs: hour, longestMs: hour },
} as const

/** How exactly it is known when a session was last used. */
export const seenEveryMs = minute
