import { Counter, Gauge, type Registry } from 'prom-client'

/** How the chain of events keeps up. */
export type ChainMetrics = {
  /** How long the event that had waited longest for its place had waited, milliseconds; 0 where none waits. */
  lag(ms: number): void
  /** An event that waited for its place was not there any more. */
  fault(): void
}

export function createChainMetrics(register: Registry): ChainMetrics {
  const lag = new Gauge({
    name: 'grantry_audit_chain_lag_seconds',
    help: 'How long the oldest event that was not in its chain yet had waited',
    registers: [register],
  })
  const faults = new Counter({
    name: 'grantry_audit_chain_faults_total',
    help: 'Events that were deleted before they were in their chain',
    registers: [register],
  })
  return { lag: (ms) => lag.set(ms / 1000), fault: () => faults.inc() }
}
