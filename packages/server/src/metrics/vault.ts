import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

export type VaultMetrics = {
  /** A value was sealed or opened. */
  used(operation: 'seal' | 'open', seconds: number): void
  /** It could not be; `code` as the vault's errors have it. */
  failed(operation: 'seal' | 'open', code: string): void
  /** A data key was not at hand and had to be fetched and unwrapped. */
  keyLoaded(): void
  /** How many data keys are in memory. */
  keysKept(count: number): void
  /** Something was to be opened and is not what was sealed; `code` as a VaultError has it. */
  refused(code: string): void
  /** So many values were sealed anew. */
  resealed(values: number): void
}

export function createVaultMetrics(register: Registry): VaultMetrics {
  const registers = [register]
  const duration = new Histogram({
    name: 'grantry_vault_duration_seconds',
    help: 'Seals and opens, and how long they took, fetching keys and values included',
    labelNames: ['operation'],
    buckets: [0.0001, 0.001, 0.005, 0.025, 0.1, 0.5, 2, 10],
    registers,
  })
  const failures = new Counter({
    name: 'grantry_vault_failures_total',
    help: 'Seals and opens that failed, by what was wrong',
    labelNames: ['operation', 'code'],
    registers,
  })
  const loads = new Counter({
    name: 'grantry_vault_key_loads_total',
    help: 'Data keys that were not in memory and had to be fetched and unwrapped',
    registers,
  })
  const kept = new Gauge({
    name: 'grantry_vault_keys',
    help: 'Data keys in memory; one that seals counts twice',
    registers,
  })
  const refused = new Counter({
    name: 'grantry_vault_refused_total',
    help: 'Tries to open a stored secret that is not what was sealed, by what is wrong with it',
    labelNames: ['code'],
    registers,
  })
  const resealed = new Counter({
    name: 'grantry_vault_resealed_total',
    help: 'Values that were sealed anew, by the newest data key',
    registers,
  })
  const of = { seal: duration.labels('seal'), open: duration.labels('open') }
  return {
    used: (operation, seconds) => of[operation].observe(seconds),
    failed: (operation, code) => failures.inc({ operation, code }),
    keyLoaded: () => loads.inc(),
    keysKept: (count) => kept.set(count),
    refused: (code) => refused.inc({ code }),
    resealed: (values) => resealed.inc(values),
  }
}
