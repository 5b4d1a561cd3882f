import { Counter, type Registry } from 'prom-client'

export type VaultMetrics = {
  /** Something was to be opened and is not what was sealed; `code` as a VaultError has it. */
  refused(code: string): void
  /** So many values were sealed anew. */
  resealed(values: number): void
}

export function createVaultMetrics(register: Registry): VaultMetrics {
  const refused = new Counter({
    name: 'grantry_vault_refused_total',
    help: 'Tries to open a stored secret that is not what was sealed, by what is wrong with it',
    labelNames: ['code'],
    registers: [register],
  })
  const resealed = new Counter({
    name: 'grantry_vault_resealed_total',
    help: 'Values that were sealed anew, by the newest data key',
    registers: [register],
  })
  return {
    refused: (code) => refused.inc({ code }),
    resealed: (values) => resealed.inc(values),
  }
}
