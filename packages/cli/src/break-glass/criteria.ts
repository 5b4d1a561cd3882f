import type { BreakGlassCriteria } from '@grantry/sdk'
import type { Command } from 'commander'
import { apiKeyIds, appIds, completes, integrationIds, providerNames } from '../completion/candidates.ts'
import { UsageError } from '../failure.ts'
import { readSince } from '../since.ts'

export type CriteriaOptions = {
  provider?: string
  integration?: string
  app?: string
  endUser?: string
  apiKey?: string
  createdSince?: string
  createdUntil?: string
  readSince?: string
  readUntil?: string
  everything?: true
}

const time = (text: string) => readSince(text)

/** The options by which connections are chosen: all that are given must fit. */
export function addCriteria(command: Command): Command {
  completes(command, {
    options: {
      '--provider': providerNames,
      '--integration': integrationIds,
      '--app': appIds,
      '--api-key': apiKeyIds,
    },
  })
  return command
    .option('--provider <name>', 'connections to this provider')
    .option('--integration <id>', 'of this integration; its label or provider will do')
    .option('--app <id>', 'of this app')
    .option('--end-user <id>', 'of this end user')
    .option('--api-key <id>', 'whose tokens this API key read, or whose APIs it called; it may have ended')
    .option('--created-since <time>', 'connected from then on: a time, or how long ago (10m, 2h, 7d)', time)
    .option('--created-until <time>', 'connected before then', time)
    .option('--read-since <time>', 'read or called from then on; with --api-key by that key', time)
    .option('--read-until <time>', 'read or called before then', time)
    .option('--everything', 'every connection there is; alone')
}

/** @throws UsageError where nothing is chosen */
export function readCriteria(options: CriteriaOptions): BreakGlassCriteria {
  const criteria = {
    provider: options.provider,
    integration_id: options.integration,
    app_id: options.app,
    end_user_id: options.endUser,
    api_key_id: options.apiKey,
    created_since: options.createdSince,
    created_until: options.createdUntil,
    read_since: options.readSince,
    read_until: options.readUntil,
    everything: options.everything,
  }
  const said = Object.fromEntries(Object.entries(criteria).filter(([, value]) => value !== undefined))
  if (Object.keys(said).length === 0)
    throw new UsageError('Say which connections: --provider, --api-key, --read-since …, or --everything.')
  if (options.everything && Object.keys(said).length > 1)
    throw new UsageError('--everything stands alone: leave it out, or the others.')
  return said as BreakGlassCriteria
}
