import type { Config } from '../../config.ts'
import type { Clock } from '../../context.ts'
import { VaultError } from '../errors.ts'
import { restingStore } from '../rest-after-outage.ts'
import { awsSecretsManager } from './aws-secrets-manager.ts'
import { openBao } from './openbao.ts'
import type { BackEnd, SecretStore } from './secret-store.ts'

/** The back ends outside, each opened when something first needs it. */
export type Stores = {
  /** Where new values are to go; null for our own database. */
  wanted: BackEnd | null
  /** @throws {VaultError} vault_misconfigured where the configuration does not say how to reach it */
  open(kind: BackEnd): Promise<SecretStore>
  /** Keeps what may run out alive; of those that are open. */
  renew(): Promise<void>
  close(): Promise<void>
}

export const noStores: Stores = {
  wanted: null,
  open: async (kind) => {
    throw new VaultError('vault_misconfigured', `A value rests in ${kind}, which is not configured`)
  },
  renew: async () => {},
  close: async () => {},
}

/** What is not the configured back end can still be read, for as long as its own settings are there: until all has moved. */
export function openStores(
  config: Pick<Config, 'vault' | 'vaultPrefix' | 'openbao'>,
  clock: Pick<Clock, 'now'>,
): Stores {
  const opened = new Map<BackEnd, Promise<SecretStore>>()

  async function start(kind: BackEnd): Promise<SecretStore> {
    if (kind === 'aws-secrets-manager')
      return restingStore(clock, await awsSecretsManager(config.vaultPrefix))
    if (!config.openbao)
      throw new VaultError('vault_misconfigured', 'A value rests in OpenBao: set GRANTRY_OPENBAO_ADDR')
    return restingStore(clock, openBao(config.openbao, config.vaultPrefix))
  }

  return {
    wanted: config.vault === 'database' ? null : config.vault,
    open(kind) {
      let store = opened.get(kind)
      if (!store) {
        store = start(kind)
        store.catch(() => opened.delete(kind))
        opened.set(kind, store)
      }
      return store
    },
    async renew() {
      await Promise.all([...opened.values()].map(async (store) => (await store).renew()))
    },
    async close() {
      await Promise.allSettled([...opened.values()].map(async (store) => (await store).close()))
    },
  }
}
