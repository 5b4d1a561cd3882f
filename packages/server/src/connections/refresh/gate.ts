/**
 * What stands between a provider config (an integration) and its token endpoint: a budget of calls, and a breaker that
 * opens when several connections in a row have failed. Pure; the stores keep it in one row that all processes see.
 */
export type Gate = {
  /** Connections that have failed since any last succeeded. */
  failing: string[]
  opened_at: number | null
  /** While it is open: when the next call may go through, to see. */
  probe_at: number | null
  /** The connection that was let through last: one that always fails must not be the only one that is asked. */
  probed: string | null
  /** Calls left in the bucket, in thousandths. */
  budget: number
  filled_at: number
}

/** As many calls as a provider takes from one client in that time. */
export type Budget = { calls: number; seconds: number }

export type Pass =
  | { ok: true; gate: Gate }
  | { ok: false; gate: Gate; why: 'breaker_open' | 'over_budget'; retryAfterMs: number }

const failuresToOpen = 3
export const probeEveryMs = 30_000
export const usualBudget: Budget = { calls: 1000, seconds: 10 }

export function freshGate(now: number, budget: Budget): Gate {
  return {
    failing: [],
    opened_at: null,
    probe_at: null,
    probed: null,
    budget: budget.calls * 1000,
    filled_at: now,
  }
}

/**
 * Whether a call may go out now. `lost`: when the one call was sent whose answer is being asked for again, for the
 * first time. That cannot wait for the breaker, because the provider takes the old token again for a short time only;
 * but a probe that got lost is a probe, and its retry the next.
 */
export function enter(
  gate: Gate,
  { now, connection, budget, lost }: { now: number; connection: string; budget: Budget; lost: number | null },
): Pass {
  const next = refill(gate, now, budget)
  const probes = next.opened_at !== null && (lost === null || lost >= next.opened_at)
  if (probes) {
    const probeAt = next.probe_at ?? now
    // The same one again only when nobody else has come for a whole round.
    const from = next.probed === connection ? probeAt + probeEveryMs : probeAt
    if (now < from)
      return { ok: false, gate: next, why: 'breaker_open', retryAfterMs: Math.max(1000, from - now) }
  }
  if (next.budget < 1000) {
    const wait = ((1000 - next.budget) * budget.seconds) / budget.calls
    return { ok: false, gate: next, why: 'over_budget', retryAfterMs: Math.max(100, Math.ceil(wait)) }
  }
  const paid = { ...next, budget: next.budget - 1000 }
  return { ok: true, gate: probes ? { ...paid, probe_at: now + probeEveryMs, probed: connection } : paid }
}

export function afterSuccess(gate: Gate): Gate {
  return { ...gate, failing: [], opened_at: null, probe_at: null, probed: null }
}

export function afterFailure(
  gate: Gate,
  { now, connection, retryAfterMs }: { now: number; connection: string; retryAfterMs: number | null },
): Gate {
  const failing = gate.failing.includes(connection)
    ? gate.failing
    : [...gate.failing, connection].slice(0, failuresToOpen)
  const wait = Math.max(probeEveryMs, retryAfterMs ?? 0)
  if (gate.opened_at !== null)
    return { ...gate, failing, probe_at: Math.max(gate.probe_at ?? 0, now + (retryAfterMs ?? 0)) }
  if (failing.length < failuresToOpen) return { ...gate, failing }
  return { ...gate, failing, opened_at: now, probe_at: now + wait, probed: connection }
}

function refill(gate: Gate, now: number, { calls, seconds }: Budget): Gate {
  const passed = Math.max(0, now - gate.filled_at)
  const gained = Math.floor((passed * calls) / seconds)
  const full = calls * 1000
  if (now < gate.filled_at || gate.budget + gained >= full)
    return { ...gate, budget: Math.min(full, gate.budget + gained), filled_at: now }
  // Time that has not brought a whole thousandth yet counts the next time: being asked often must not keep it empty.
  const counted = Math.ceil((gained * seconds) / calls)
  return { ...gate, budget: gate.budget + gained, filled_at: gate.filled_at + counted }
}
